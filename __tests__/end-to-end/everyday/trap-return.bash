# RETURN traps of functions and of sourced files, functrace on and off
echo 'echo "sourced"' > lib.bash
leaf() { echo leaf; }
outer() { trap 'echo "return from ${FUNCNAME[0]}"' RETURN; leaf; echo outer; trap - RETURN; }
outer
set -T
trap 'echo "return: ${FUNCNAME[0]:-none}"' RETURN
leaf
. ./lib.bash
trap - RETURN
set +T
leaf
