#@fragment hot-word@

#@fragment hot-argument@

! @p@_guard_has_hot_argument "$@" || @p@_guard_suspect=1
