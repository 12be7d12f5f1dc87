# process substitution, in and out
diff <(printf '1\n2\n3\n') <(printf '1\n3\n')
echo "diff: $?"
paste -d: <(seq 3) <(seq 4 6)
echo to-tee | tee >(tr a-z A-Z > upper.txt) > lower.txt
while [ ! -s upper.txt ]; do sleep 0.01; done
cat upper.txt lower.txt
mapfile -t lines < <(printf 'a\nb c\n')
echo "${#lines[@]} ${lines[1]}"
