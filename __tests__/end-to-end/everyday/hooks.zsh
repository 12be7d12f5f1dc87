# hook arrays and functions of the script's own
autoload -Uz add-zsh-hook
went() { print "chpwd to ${PWD:t}" }
add-zsh-hook chpwd went
mkdir -p place; cd place; cd ..  > /dev/null
print $chpwd_functions
before() { print never }
add-zsh-hook preexec before; add-zsh-hook precmd before
print "$preexec_functions[(I)before] $+functions[before]"
zshexit() { print "zshexit $?" }
true
