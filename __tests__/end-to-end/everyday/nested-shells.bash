# shells below shells: bash, sh, zsh-free; scripts with their own #! lines
cat > inner <<'END'
#!/bin/bash
echo "inner $# $1 $0" | sed 's|/.*/||'
exit 5
END
chmod +x inner
./inner a; echo $?
bash -c 'echo "$0 $1"; exit 6' name arg; echo $?
sh -c 'echo "sh: $1"; exit 7' _ x; echo $?
echo 'echo "from stdin $1"' | bash -s arg
bash -ec 'false; echo no' ; echo $?
bash -c 'trap "echo bye" EXIT; exit 3'; echo $?
bash --norc --noprofile -c 'echo "${BASH_SOURCE[0]-none}"'
(exec -a renamed bash -c 'echo "$0"')
