# a script whose text speaks of test runners without starting one
print "to test, run: npx jest --ci"
message='fix: npx jest no longer hangs'
print -r -- $message | grep -c jest
cat <<'END'
npm test && npx vitest run
END
(exit 3); print "status $? after pytest was named"
true | false | true; print "pipe $pipestatus turbo run test"
(trap 'print "subshell exit, jest"' EXIT; true)
: jest; print "last $_"
