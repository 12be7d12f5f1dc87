# Whatever the arguments are, this program is a runner.
@p@_guard_suspect=1
