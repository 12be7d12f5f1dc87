# parameter expansion flags and modifiers
p=/usr/local/share/doc.tar.gz
print ${p:t} ${p:h} ${p:e} ${p:r} ${p:t:r} ${#p}
print ${(U)p[1,4]} ${p/local/LOCAL} ${p//\//:} ${p[5,9]}
print ${(s:/:)p} ${(q)p} ${(qq):-it\'s}
x=word; y=x; print ${(P)y} ${x:-d} ${nope:-d} ${nope:+s}
print {a,b}{1..3} {01..03}
print -l ${(f)"$(print -l b a c)"} | sort
print ${(l:5::0:)42} ${(r:6::.:)ab} ${(C)x}
print -r -- ${(V):-$'a\tb'} ${(%):-%%}
