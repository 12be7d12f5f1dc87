# arrays and associative arrays
fruits=(apple "blood orange" cherry)
fruits+=(date)
print -r -- $#fruits $fruits[2] ${fruits[-1]} ${(j:,:)fruits}
print -r -- ${(o)fruits} ${(U)fruits[1]} ${fruits:#*e*}
typeset -A ages=(ann 31 bob 27)
(( ages[ann]++ ))
for k in ${(ko)ages}; do print "$k=$ages[$k]"; done
unset "ages[bob]"; print $#ages
fruits[2]=(); print $fruits
nested=(${(s.:.)PATH}); (( $#nested > 0 )) && print "path has parts"
