# an EXIT trap runs once and sees the status; ends: 3
cleanup() { local status=$?; echo "cleanup after $status, ${#FUNCNAME[@]} deep"; }
trap cleanup EXIT
echo working
(exit 4)
echo "status $?"
exit 3
