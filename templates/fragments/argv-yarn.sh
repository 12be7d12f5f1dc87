#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment yarn@

! @p@_guard_yarn_is_suspect "$@" || @p@_guard_suspect=1
