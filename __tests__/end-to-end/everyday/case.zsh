# case, conditions, regular expressions
for v in 5 5a abc ''; do
  case $v in
    (<->) print number ;;
    ([0-9]*) print mixed ;|
    (*[a-z]) print "ends in a letter" ;;
    ('') print empty ;;
  esac
done
[[ "v12.34" =~ '([0-9]+)\.([0-9]+)' ]] && print $match[1] $match[2]
[[ abc == (#b)(a)(*) ]] || print "no extended glob"
[[ -d . && ! -e none ]] && print files
if [[ a < b ]] { print order } else { print no }
