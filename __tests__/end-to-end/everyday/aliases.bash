# aliases in a script, one that covers a builtin and one that ends in a space
shopt -s expand_aliases
alias say='echo said:'
alias again='command '
alias printf='echo not-printf'
alias case_of='case'
say hello
again say hello 2>/dev/null || echo "no command called say"
printf '%s' x
case_of x in x) echo "case through an alias" ;; esac
unalias printf; printf '%s\n' real
alias say
