# here documents and here strings
name=world
cat <<END
hello $name $(print sub) `print tick` \$x
END
cat <<'END'
hello $name
END
cat <<-END
	tabs stripped
	END
while read -r a b; do print "$b $a"; done <<END
1 one
2 two
END
cat <<< "string $name"
read -r first <<< "a b"; print $first
