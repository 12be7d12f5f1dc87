#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment bun@

! @p@_guard_bun_is_suspect "$@" || @p@_guard_suspect=1
