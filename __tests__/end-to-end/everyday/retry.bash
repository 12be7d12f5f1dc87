# a retry helper that runs its arguments, and timing-free polling; ends: 5
tries=0
flaky() { tries=$((tries + 1)); (( tries >= 3 )); }
retry() { local max=$1 n=1; shift; until "$@"; do (( n++ < max )) || return 1; done; echo "after $n"; }
retry 5 flaky; echo $?
tries=-9; retry 2 flaky; echo $?
"${EMPTY[@]}" true; echo $?
run() { "$@"; local status=$?; echo "ran '$*': $status"; return "$status"; }
run false; run true; run sh -c 'exit 5'
