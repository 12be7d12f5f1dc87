# a script whose text speaks of test runners without starting one
echo "to test, run: npx jest --ci"
message='fix: npx jest no longer hangs'
printf '%s\n' "$message" | grep -c jest
cat <<'END'
npm test && npx vitest run
END
case $message in *jest*) echo "mentions jest" ;; esac
[[ $message == *vitest* ]] || echo "no vitest"
(exit 3); echo "status $? after pytest was named"
true | false | true; echo "pipe ${PIPESTATUS[*]} turbo run test"
jest_config=jest.config.js; echo "${jest_config%.js}"
: jest; echo "last $_"
