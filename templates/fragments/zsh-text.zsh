# The text

# @p@_guard_parse TEXT: TEXT as zsh parses it, in REPLY: aliases expanded, zsh's short forms written out, so that a parser
# of sh understands it. It is parsed as the text of a function that is never called. False when zsh cannot parse it.
@p@_guard_parse() {
  builtin setopt local_options aliases
  REPLY=
  { functions[@p@_guard_parsed]=$1; } 2>/dev/null
  (( ${+functions[@p@_guard_parsed]} )) || builtin return 1
  REPLY=${functions[@p@_guard_parsed]#$'\t'}
  builtin unfunction @p@_guard_parsed
  [[ -n $REPLY ]]
}

# The functions that TEXT calls by name and that could start a test runner, in $called.
@p@_guard_find_called() {
  builtin local word
  called=()
  (( ${#1} < 4096 )) || builtin return 0
  for word in ${(u)${(z)1}}; do
    ! @p@_guard_calls_suspect $word || called+=($word)
  done
}

# What TEXT hands to eval as a literal string, in $evaluated: to the parser eval's own line is one command, `eval`.
@p@_guard_find_evaluated() {
  builtin local word is_evaluated=
  evaluated=
  [[ $1 == *eval* ]] || builtin return 0
  for word in ${(z)1}; do
    case $word in
      eval) is_evaluated=1 ;;
      # What ends a command, and redirections; a line's end is a `;` here.
      ';' | '&' | '&&' | '||' | '|' | '|&' | '&|' | '&!' | [\<\>]* | [0-9][\<\>]*)
        [[ -z $is_evaluated ]] || evaluated+=$'\n'
        is_evaluated=
        ;;
      *) [[ -z $is_evaluated ]] || evaluated+="${(Q)word} " ;;
    esac
  done
}

# False when the shims and the preload see everything in TEXT by themselves: no pipe, and each command that could start a
# runner begins with a word that has a shim. So `npx jest` or `cd x && npm test` starts node once, not twice.
@p@_guard_needs_peek() {
  builtin local text=${1//2>&1/} part
  builtin local -a words
  # What may hide a command or a pipe from such a plain look.
  [[ $text != *[\|\`\$\(\)\{\}\<\\]* ]] || builtin return 0
  [[ $text != *[\'\"]* || $text != *[\;\&$'\n']* ]] || builtin return 0
  for part in ${(s:;:)text//[&$'\n']/;}; do
    words=(${=part})
    while [[ ${words[1]-} == [A-Za-z_]*=* ]]; do
      words[1]=()
    done
    [[ ${words[1]-} == */* || ! -x $@p@_guard_root/shims/${words[1]-} ]] || builtin continue
    # Our own: nothing is to be decided about a governed run.
    case ${${words[1]-}:t} in @gate:governor-commands@) builtin continue ;; esac
    ! @p@_guard_has_hot_word "$part" || builtin return 0
  done
  builtin return 1
}

# True when pipe_fail may be set for TEXT. It acts on every pipeline, so there must be no other: not in the text itself, which the
# asker has looked at; not in the functions that it calls; nor may an override let the tests run. Files that it reads (agents begin
# their lines with one that defines functions) are not looked at.
@p@_guard_may_fail_pipes() {
  builtin local line word is_command=1
  # The text minds pipe_fail itself.
  [[ ${${(L)1}//_/} != *pipefail* ]] || builtin return 1
  [[ ${@P@_ALLOW_BYPASS_POLICY:-0}${@P@_ALLOW_OVERLOAD:-0} == 00 ]] || builtin return 1
  if [[ $2 != script ]]; then
    (( ${#1} < 4096 )) || builtin return 0
    for word in ${(z)1}; do
      if [[ $word == (';'|'&'|'&&'|'||'|'|'|'|&'|'('|'{'|'!'|then|else|do) ]]; then
        is_command=1
      elif [[ -n $is_command ]]; then
        is_command=
        # What the called ones hold is in the text that was asked about.
        (( ! ${+functions[$word]} || ${called[(Ie)$word]} )) || [[ ${functions[$word]//||/} != *\|* ]] || builtin return 1
      fi
    done
    builtin return 0
  fi
  for line in ${(f)1//||/}; do
    case $line in
      @gate:text@) ;;
      *\|*) builtin return 1 ;;
    esac
  done
}

# @p@_guard_looks_up WORD TEXT: true when a line of TEXT asks what WORD is.
@p@_guard_looks_up() {
  builtin local line
  for line in ${(f)2}; do
    [[ $line != (|*[[:blank:]\(\`\|\&])(which|whence|where|type|hash|command -v|command -V)[[:blank:]]*"$1"* ]] ||
      builtin return 0
  done
  builtin return 1
}

# True when a test run in TEXT would be blocked, as far as a shell can know: by its own words, by the environment, by the
# nearest config file.
@p@_guard_enforces() {
  builtin local directory=$PWD
  [[ $1 != *POLICY_MODE=(|[\'\"])enforce* ]] || builtin return 0
  case ${@P@_POLICY_MODE-}:${@P@_GUARD_MODE-} in
    enforce:*) builtin return 0 ;;
    warn:* | off:*) builtin return 1 ;;
    *:enforce) builtin return 0 ;;
  esac
  until [[ -r ${directory%/}/test-governor.config.json ]]; do
    [[ $directory == /?* ]] || builtin return 1
    directory=${directory:h}
  done
  [[ "$(<${directory%/}/test-governor.config.json)" == *\"enforce\"* ]]
}
