#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment npm@

! @p@_guard_npm_is_suspect "$@" || @p@_guard_suspect=1
