# printf: widths, quoting, numbers, reuse of the format, -v
printf '%5s|%-5s|%05d|%x|%.2f\n' ab cd 42 255 3.14159
printf '%q ' 'a b' "it's" '$x' ''; echo
printf '%s=%s\n' a 1 b 2 c
printf -v text '%03d' 7; echo "$text"
printf '%b' 'tab\there\n'
printf '%(%Y)T\n' 0
printf '%d\n' "'A" 0x1f
printf '%s\n' "${PIPESTATUS[@]}"
