# eval, nested and with status
eval 'print "a  b" | tr a-z A-Z'
eval 'x=1; (( y = x + 1 ))'; print $y
eval "print ${(q):-it is \"quoted\"}"
eval 'eval "print nested"; (exit 4)'; print $?
eval $'cat <<END\nfrom a heredoc\nEND'
for n in one two; do eval "val_$n=\$n"; done; print $val_one $val_two
print "$(eval 'print $ZSH_EVAL_CONTEXT')"
