# here documents: quoted, unquoted, indented, nested, as loop input
name=world
cat <<END
hello $name $(echo sub) \$escaped `echo tick`
END
cat <<'END'
hello $name $(echo sub)
END
cat <<-END
	tabs are stripped
	END
while read -r a b; do echo "$b $a"; done <<END
1 one
2 two
END
cat <<A; cat <<B
first
A
second
B
cat <<< "here string $name"
