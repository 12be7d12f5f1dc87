# statuses through every construct; ends: 7
f() { return 5; }
f; echo $?
(exit 3); echo $?
false | true; echo $?
! true; echo $?
x=$(exit 4); echo $?
sh -c 'exit 6'; echo $?
no-such-command-here 2>/dev/null; echo $?
sh -c 'kill -TERM $$'; echo $?
eval 'exit 7'
