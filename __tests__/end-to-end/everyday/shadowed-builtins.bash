# a script that redefines builtins for itself
echo() { builtin echo "[$*]"; }
cd() { builtin cd "$@" && builtin echo "now in ${PWD##*/}"; }
test() { builtin echo "my test: $*"; }
printf() { builtin echo "my printf"; }
unset() { builtin echo "my unset"; }
echo hello
mkdir -p place; cd place
test -n x
printf x
unset x
builtin unset -f echo
echo plain
