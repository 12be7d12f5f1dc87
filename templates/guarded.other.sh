# The environment layers alone, for shells that have no text layer: hooks/guarded.sh sources it in dash, ksh and the like.
# shellcheck shell=sh disable=SC2154 # What guarded.sh found out is in its variables.

#@fragment layers@

if @p@_guard_link=$(CDPATH='' command cd -P -- "$@p@_guard_here.." && command pwd -P) &&
  command [ -d "$@p@_guard_link/shims" ]; then
  @p@_guard_layers "$@p@_guard_link"
  command [ -e "$@p@_guard_link/dist/ask.cjs" ] ||
    command printf 'test-governor: dist/ask.cjs is not there (npm run build makes it), so commands run without a check\n' >&2
else
  command printf 'test-governor: shims/ is not next to hooks/, so this shell is not guarded: run test-governor generate\n' >&2
fi
