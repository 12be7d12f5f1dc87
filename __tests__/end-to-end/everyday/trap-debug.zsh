# a DEBUG trap of the script's own
trap 'print -r -- "+ $ZSH_DEBUG_CMD"' DEBUG
x=1
print $x
if (( x )); then print yes; fi
trap - DEBUG
print off
TRAPDEBUG() { print "debug function" }
:
unfunction TRAPDEBUG
:
