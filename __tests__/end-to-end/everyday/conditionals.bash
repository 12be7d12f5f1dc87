# [[ ]]: patterns, regular expressions, files, logic
s="version 12.34"
[[ $s =~ ([0-9]+)\.([0-9]+) ]] && echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]} $?"
[[ $s == version* && ! $s == *x ]] && echo pattern
[[ -d . && -r . && ! -e nothing ]] && echo files
[[ a < b ]] && [[ 3 -lt 10 ]] && echo order
shopt -s extglob
case foobar in @(foo|bar)+(bar)) echo extglob ;;& *) echo fall ;; esac
[ "$s" = "version 12.34" -a -n x ] && echo old
if ((1)); then echo arith; elif true; then echo no; fi
[[ $nothing ]] || echo "empty: $?"
