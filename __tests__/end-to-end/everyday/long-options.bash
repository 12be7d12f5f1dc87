# long options in a while/case loop
set -- --name=ann --count 3 -- --not-an-option file
name= count=
while (($#)); do
  case $1 in
    --name=*) name=${1#*=} ;;
    --count) count=$2; shift ;;
    --) shift; break ;;
    *) echo "unknown $1" ;;
  esac
  shift
done
echo "$name $count $*"
