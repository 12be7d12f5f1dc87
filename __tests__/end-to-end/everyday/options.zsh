# options: their list, emulation, local options
print -l ${(o)options[(R)on]:+ok} | head -1
[[ -o debug_before_cmd ]] && print before
set -o | grep -E '^(errexit|pipefail|xtrace|globalrcs|noglobalrcs) '
emulate sh -c 'x="a b"; printf "<%s>" $x; echo'
x="a b"; printf '<%s>' $x; print
setopt sh_word_split; printf '<%s>' $x; print
print -r -- $-
emulate
