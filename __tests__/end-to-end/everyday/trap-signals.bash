# handlers of INT, TERM and USR1 in the shell and in a subshell; ignored signals
trap 'echo "got usr1, status $?"' USR1
trap 'echo "got term"' TERM
trap '' HUP
kill -USR1 $$
(exit 9); kill -USR1 $$
kill -TERM $$
kill -HUP $$
trap -p USR1
trap - USR1
trap -p USR1
( trap 'echo "inner int"; exit 6' INT; kill -INT "$BASHPID" 2>/dev/null || kill -INT "$(sh -c 'echo $PPID')"; sleep 1 )
echo "subshell: $?"
