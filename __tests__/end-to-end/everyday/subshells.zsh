# subshells, levels, exec, environment of a child
x=1; (x=2; print "inner $x $ZSH_SUBSHELL"); print "outer $x $ZSH_SUBSHELL"
level=$SHLVL; zsh -fc "(( SHLVL == $level + 1 )) && print 'one level down'; exit 3"; print $?
zsh -c "(( SHLVL == $level + 1 )) && print 'and without -f'"
y=$(exit 11); print "status $?"
(exec sh -c 'exit 9'); print "exec: $?"
A=1 zsh -fc 'print "A=$A"'; print "A=${A-unset}"
f() { local z; z=$(exit 12); print "local: $?" }; f
sh -c 'echo "sh $1"' _ x; bash -c 'echo "bash $1"' _ y
