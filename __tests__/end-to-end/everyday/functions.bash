# functions: recursion, locals, dynamic scope, return status, redirected, exported
fact() { (( $1 < 2 )) && { echo 1; return; }; local n=$1; echo $(( n * $(fact $((n - 1))) )); }
fact 6
scope() { local v=inner; show; }; show() { echo "v=$v"; }; v=outer; scope; show
quiet() { echo out; echo err >&2; } 2>/dev/null
quiet
hi() { echo "hi from a child: $1"; }; export -f hi; bash -c 'hi "$1"' _ kid
status() { return "$1"; }; status 200; echo $?
sub() ( cd /; exit 12 ); sub; echo "$? ${PWD##*/}" | sed 's/ .*//'
npx() { echo "my own npx: $*"; }; npx hello
