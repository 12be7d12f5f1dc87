#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment pnpm@

! @p@_guard_pnpm_is_suspect "$@" || @p@_guard_suspect=1
