# a co-process
coproc { while read -r line && [[ $line != quit ]]; do print ${(U)line}; done }
print -p hello; read -p answer; print $answer
print -p again; read -p answer; print $answer
print -p quit; wait
print done
