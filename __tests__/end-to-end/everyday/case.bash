# case with fall-through, patterns from variables, nested
kind() {
  case $1 in
    [0-9]*) echo -n "number " ;;&
    *[!0-9]*) echo -n "with letters " ;;
    '') echo -n "empty " ;;
    5) echo -n "five " ;&
    6) echo -n "five or six " ;;
  esac
  echo
}
for v in 5 6 7 5a '' abc; do kind "$v"; done
pattern='a*'; case abc in $pattern) echo matched ;; esac; case abc in "$pattern") ;; *) echo "quoted does not" ;; esac
