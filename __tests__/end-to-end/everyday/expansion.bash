# parameter expansion
path=/usr/local/share/doc.tar.gz
echo "${path##*/} ${path%%.*} ${path#*/} ${path%.*} ${#path}"
echo "${path/local/LOCAL} ${path//\//:} ${path:5:5} ${path: -6}"
word=hello; echo "${word^} ${word^^} ${word:0:1}"
unset none; echo "${none:-a} ${none:=b} ${none:+c} ${none}"
var=word; echo "${!var}"
echo {a,b}{1..3} {01..03} {x..z}
(: "${missing:?is needed}") 2>&1 | sed 's/.*missing/missing/'
set -- a 'b c' d; echo "$#" "${@: -1}" "${*:1:2}" "${@^^}"
echo "${path@Q}" "${word@U}"
