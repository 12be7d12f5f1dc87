# redirections of compounds, of both streams, with noclobber, appending
{ echo a; echo b >&2; } &> both; cat both
for i in 1 2; do echo "$i"; done > loop; cat loop
echo more >> loop; wc -l < loop | tr -d ' '
set -C; echo clobber > loop 2>/dev/null || echo "kept"; echo forced >| loop; set +C; cat loop
if true; then echo in-if; fi > ifout; cat ifout
ls no-such-file 2>&1 | grep -c 'o-such'
: > empty; [[ -s empty ]] || echo "empty"
cat < missing 2>/dev/null; echo "missing: $?"
