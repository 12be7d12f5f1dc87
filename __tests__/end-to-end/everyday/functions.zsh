# functions: recursion, locals, anonymous, autoload, always, wrapped
fact() { (( $1 < 2 )) && { print 1; return }; print $(( $1 * $(fact $(( $1 - 1 ))) )) }
fact 6
scope() { local v=inner; show }; show() { print "v=$v" }; v=outer; scope; show
() { print "anonymous $# $1" } arg
{ print try; false } always { print "always $?" }
print 'print "autoloaded $1"' > later; fpath=($PWD $fpath); autoload -Uz later; later x
f() { setopt local_options no_glob; print * }; f; [[ -o glob ]] && print restored
npx() { print "my own npx: $*" }; npx hello
functions[made]='print "made $1"'; made y
whence -w made fact print
