# option parsing with getopts, long options by hand
parse() {
  local OPTIND=1 opt verbose=0 file=
  while getopts ':vf:n' opt "$@"; do
    case $opt in
      v) verbose=$((verbose + 1)) ;;
      f) file=$OPTARG ;;
      n) echo dry ;;
      :) echo "-$OPTARG needs a value"; return 64 ;;
      \?) echo "unknown -$OPTARG"; return 64 ;;
    esac
  done
  shift $((OPTIND - 1))
  echo "verbose=$verbose file=$file rest=$*"
}
parse -vv -f a.txt one two
parse -n -- -v
parse -f; echo $?
parse -x; echo $?
