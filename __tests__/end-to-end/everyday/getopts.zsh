# getopts and zparseopts
parse() {
  local OPTIND=1 opt
  while getopts ':vf:' opt; do
    case $opt in (v) print verbose ;; (f) print "file $OPTARG" ;; (*) print "bad $OPTARG" ;; esac
  done
  shift $(( OPTIND - 1 )); print "rest $*"
}
parse -v -f a.txt one
parse -x two
args() { zmodload zsh/zutil; zparseopts -D -E -- v=verbose f:=file; print -r -- "$verbose|$file|$*" }
args -v -f x rest
