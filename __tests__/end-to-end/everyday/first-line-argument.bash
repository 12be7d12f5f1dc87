: "$_" # $_ on the first line: its last component is the shell or the script
# shows: what the first line sees, so the guard cannot be sourced before it
case $_ in */bash* | bash* | *.bash) echo "named" ;; *) echo "other: $_" ;; esac
echo "$?"
