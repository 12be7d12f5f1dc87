# The second half of the bash text layer, read when the first possible suspect comes along: is it one, what does the asker say,
# and what follows. Functions only; hooks/guarded.bash holds the rest and calls @p@_guard_consider.
# shellcheck shell=bash

#@fragment suspect@

#@fragment bash-word@

#@fragment bash-ask@

#@fragment bash-act@

#@fragment bash-consider@
