# a co-process that upper-cases
coproc UPPER { while read -r line; do echo "${line^^}"; done; }
out=${UPPER[0]} in=${UPPER[1]}
echo hello >&"$in"
read -r answer <&"$out"
echo "$answer"
echo again >&"$in"
read -r answer <&"$out"
echo "$answer"
pid=$UPPER_PID
exec {in}>&-
wait "$pid"
echo "ended with $?"
