# The second half of the bash text layer, read when the first possible suspect comes along: is it one, what does the asker say,
# and what follows. Functions only; hooks/guarded.bash holds the rest and calls @p@_guard_consider.
# shellcheck shell=bash disable=SC2154,SC2034 # Variables of the first half.
# shellcheck disable=SC2221,SC2222 # Patterns are made from tables; that one holds another is no harm.

#@fragment suspect@

#@fragment bash-word@

#@fragment bash-ask@

#@fragment bash-act@

#@fragment bash-consider@

#@fragment bash-pipes@
