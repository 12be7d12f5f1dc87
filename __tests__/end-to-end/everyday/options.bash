# the options that are on, and changing them
echo "$-"
set -o | grep -E '^(errexit|functrace|errtrace|pipefail|monitor|posix)'
shopt | grep -E '^(extdebug|expand_aliases|extglob|nullglob|lastpipe)'
shopt -s nullglob; echo none-*.xyz "end"
shopt -u nullglob; echo none-*.xyz
set -f; echo *; set +f
echo "$SHELLOPTS $BASHOPTS"
