# $_ after commands, assignments, functions, tests, and as the first thing in a function
echo one two; echo "last: $_"
: a b c
echo "colon: $_"
x=5; echo "assignment: $_"
f() { echo "in f: $_"; }
f p q
echo "after f: $_"
mkdir -p some/dir && cd "$_" && basename "$PWD"
[[ -n abc ]]; echo "test: $_"
true "$(echo nested)"; echo "substitution: $_"
for i in 1 2; do : "$i"; done; echo "loop: $_"
