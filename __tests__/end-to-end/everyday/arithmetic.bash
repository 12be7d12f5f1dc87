# arithmetic: operators, bases, increments, conditions, C-style loop
echo $(( 7 / 2 )) $(( -7 % 3 )) $(( 2 ** 10 )) $(( 16#ff )) $(( 010 )) $(( 5 > 3 ? 1 : 0 ))
i=5; (( i++ )); (( ++i, i *= 2 )); echo "$i"
for (( a = 0, b = 10; a < b; a += 3, b-- )); do echo "$a $b"; done
(( 0 )) || echo "zero is false: $?"
let 'x = 3 * 4'; echo "$x"
echo $(( x & 6 | 1 ^ 8 )) $(( x << 2 )) $(( ~x )) $(( !x ))
(echo $(( 1 / 0 ))) 2>/dev/null || echo "division"
