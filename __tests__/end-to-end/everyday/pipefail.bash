# pipefail and PIPESTATUS
true | false | true; echo "$? ${PIPESTATUS[*]}"
set -o pipefail
true | (exit 3) | true; echo "$?"
(exit 2) | (exit 4) | true; codes=("${PIPESTATUS[@]}"); echo "${codes[*]}"
false; echo "${PIPESTATUS[0]}"
if echo x | grep -q y; then echo yes; else echo "no ${PIPESTATUS[*]}"; fi
! true | false; echo "$?"
set +o pipefail
false | true; echo "$? ${PIPESTATUS[*]}"
f() { return 6; }
f | cat; echo "${PIPESTATUS[@]}"
