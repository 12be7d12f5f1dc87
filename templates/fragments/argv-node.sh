#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment npm@

#@fragment pnpm@

#@fragment yarn@

#@fragment node@

! @p@_guard_node_is_suspect "$@" || @p@_guard_suspect=1
