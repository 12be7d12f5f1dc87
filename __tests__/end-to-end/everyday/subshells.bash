# what a subshell may change and what not; BASH_SUBSHELL, SHLVL, $$
x=1; (x=2; echo "inner $x $BASH_SUBSHELL"); echo "outer $x $BASH_SUBSHELL"
pid=$$; (( pid == $(echo $$) )) && echo "same \$\$"
( ( echo "two deep: $BASH_SUBSHELL" ) )
level=$SHLVL; bash -c '(( SHLVL == '"$level"' + 1 )) && echo "one level down"; exit 3'; echo $?
echo "$(x=5; echo "$x")" "$x"
y=$(exit 11); echo "status of the substitution: $?"
local_status() { local z=$(exit 12); echo "masked: $?"; }; local_status
(cd / && pwd); [[ $PWD != / ]] && echo "still here"
(exec sh -c 'exit 9'); echo "exec: $?"
