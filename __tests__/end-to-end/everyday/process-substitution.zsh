# process substitution in three forms
diff <(print -l 1 2 3) <(print -l 1 3); print "diff: $?"
diff =(print a) =(print a) && print same
paste -d: <(seq 3) <(seq 4 6)
lines=("${(@f)$(cat <(print -l x "y z"))}"); print $#lines $lines[2]
print up > >(tr a-z A-Z > upper); while [[ ! -s upper ]]; do sleep 0.01; done; cat upper
