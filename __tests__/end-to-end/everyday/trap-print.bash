# what trap -p says: nothing but what this script has set; shows: the hook when it is sourced first
trap 'echo bye' EXIT
trap 'echo "err"' ERR
trap -p
trap -p DEBUG
echo "--"
f() { trap -p EXIT; }
f
(trap -p)
