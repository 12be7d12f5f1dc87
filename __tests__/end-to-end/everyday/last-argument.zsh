# $_ after commands, functions and tests
print one two; print "last: $_"
: a b c; print "colon: $_"
f() { print "in f: $_" }; f p q; print "after: $_"
mkdir -p some/dir && cd $_ && print ${PWD:t}
[[ -n abc ]]; print "test: $_"
for i in 1 2; do : $i; done; print "loop: $_"
true; print "$_"
