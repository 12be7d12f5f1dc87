# Most files that node runs start nothing, and that is told by their names before the rest of the gate is read: reading it takes
# sh as long as all that it does here.
case ${1-} in
  -* | @gate:main-file-patterns@) ;;
  *)
    case ${1##*/} in
      @gate:runner-commands@ | @gate:governor-commands@ | np[mx]* | pnp[mx]* | yarn* | @gate:launchers@ | @gate:script-launchers@) ;;
      *) @p@_guard_become "$@" ;;
    esac
    ;;
esac

#@fragment hot-word@

#@fragment hot-argument@

#@fragment package-script@

#@fragment script@

#@fragment npm@

#@fragment pnpm@

#@fragment yarn@

#@fragment node@

! @p@_guard_node_is_suspect "$@" || @p@_guard_suspect=1
