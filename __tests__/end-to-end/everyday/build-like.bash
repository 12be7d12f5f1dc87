# what a build or configure script does: probes, generated files, make-like freshness checks
for tool in sed grep awk no-such-tool; do
  printf 'checking for %s... ' "$tool"
  if command -v "$tool" > /dev/null 2>&1; then echo yes; else echo no; fi
done
sed -e 's/@NAME@/demo/' -e 's/@VERSION@/1.0/' <<'END' > config.h
#define NAME "@NAME@"
#define VERSION "@VERSION@"
END
cat config.h
touch -d 2020-01-01 old; touch new
[[ new -nt old ]] && echo "rebuild"
awk 'BEGIN { for (i = 0; i < 3; i++) print i * i }'
find . -type f -name '*.h' -exec basename {} \;
printf 'a b c\n' | xargs -n1 echo item
