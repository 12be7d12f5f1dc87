# declare -p of one's own variables, with attributes
declare -i number=5
declare -r constant=fixed
declare -a list=(1 "2 3")
declare -x exported=yes
declare -l lower=ABC
declare -n ref=number
number=number+2
declare -p number constant list exported lower ref
f() { local -a inner=(x); declare -p inner; declare -g made=global; }
f
declare -p made
(constant=other) 2>/dev/null || echo "readonly"
