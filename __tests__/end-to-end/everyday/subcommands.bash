# a small program with subcommands, usage and a dispatcher; ends: 64
usage() { printf 'usage: %s <%s>\n' "${0##*/}" "$(declare -F | sed -n 's/^declare -f cmd_//p' | paste -sd'|')"; }
cmd_add() { echo $(( $1 + $2 )); }
cmd_list() { for a; do echo "- $a"; done; }
dispatch() { local c=cmd_$1; shift; if declare -F "$c" > /dev/null; then "$c" "$@"; else usage; return 64; fi; }
dispatch add 2 3
dispatch list a 'b c'
dispatch nothing
