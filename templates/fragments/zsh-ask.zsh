# Asking

# @p@_guard_can_ask: finds node and the asker, in @p@_guard_asker. False when there are none, and says so.
@p@_guard_can_ask() {
  builtin local REPLY
  builtin typeset -ga @p@_guard_asker
  if ! @p@_guard_find_asker; then
    @p@_guard_say_broken 'dist/ask.cjs is not there (npm run build makes it)'
    builtin return 1
  fi
  @p@_guard_asker=($REPLY)
  if ! @p@_guard_find_node; then
    @p@_guard_say_broken 'there is no node on PATH to ask with'
    builtin return 1
  fi
  @p@_guard_asker=($REPLY $@p@_guard_asker)
}

# The first node on PATH that is no shim, in REPLY.
@p@_guard_find_node() {
  builtin local directory
  for directory in ${(s.:.)PATH}; do
    [[ ! -e $directory/.test-governor-shims ]] || builtin continue
    REPLY=$directory/node
    [[ ! -f $REPLY || ! -x $REPLY ]] || builtin return 0
  done
  builtin return 1
}

# dist/ask.cjs beside us, else that of the nearest installed package, in REPLY.
@p@_guard_find_asker() {
  builtin local directory=$@p@_guard_root
  REPLY=$directory/dist/ask.cjs
  until [[ -r $REPLY ]]; do
    [[ $directory == /?* ]] || builtin return 1
    directory=${directory:h}
    REPLY=${directory%/}/node_modules/test-governor/dist/ask.cjs
  done
}

# @p@_guard_ask ARGUMENTS…: what the asker prints, and its status. Without what the user wants of node: the question is not
# theirs, must not wait for a debugger or leave a coverage file, and needs no certificates, which take long to read.
@p@_guard_ask() {
  NODE_OPTIONS= NODE_V8_COVERAGE= NODE_EXTRA_CA_CERTS= TEST_GOVERNOR_ENV_PREFIX=@P@ builtin command $@p@_guard_asker "$@"
}
