# set -v echoes the lines as they are read
echo before
set -v
echo "while verbose"
for i in 1 2; do
  echo "$i"
done
set +v
echo after
