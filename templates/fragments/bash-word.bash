# Reading the simple command that is about to run. Parameter expansion only: a regular expression would overwrite the user's
# BASH_REMATCH.

# @p@_guard_strip_substitutions TEXT: TEXT without its command and process substitutions, innermost first, in
# @p@_guard_text. What they start fires the trap by itself, or is met by the shims.
@p@_guard_strip_substitutions() {
  @p@_guard_text=$1
  builtin local @p@_guard_count @p@_guard_head
  for @p@_guard_count in 1 2 3 4 5 6 7 8 9 10 11 12; do
    case $@p@_guard_text in
      *\`*\`*)
        @p@_guard_head=${@p@_guard_text%%\`*}
        @p@_guard_text=${@p@_guard_text#*\`}
        @p@_guard_text=$@p@_guard_head${@p@_guard_text#*\`}
        ;;
      *[\$\<\>]\(*\)*)
        @p@_guard_head=${@p@_guard_text%[\$\<\>]\(*}
        @p@_guard_text=${@p@_guard_text#"$@p@_guard_head"??}
        @p@_guard_text=$@p@_guard_head${@p@_guard_text#*\)}
        ;;
      *) builtin return 0 ;;
    esac
  done
}

# @p@_guard_find_word TEXT: the word by which the simple command TEXT starts something, in @p@_guard_word, and TEXT with a
# leading `$name` replaced by its value, in @p@_guard_text. The word is empty when it is not plain what it will be.
@p@_guard_find_word() {
  @p@_guard_text=$1
  @p@_guard_word=''
  builtin local @p@_guard_rest @p@_guard_name
  @p@_guard_rest=$1
  # Assignments before it.
  while builtin :; do
    @p@_guard_name=${@p@_guard_rest%%[!a-zA-Z0-9_]*}
    case $@p@_guard_name in '' | [0-9]*) builtin break ;; esac
    case ${@p@_guard_rest#"$@p@_guard_name"} in
      =* | +=*) @p@_guard_rest=${@p@_guard_rest#*=} ;;
      \[*\]=* | \[*\]+=*) @p@_guard_rest=${@p@_guard_rest#*\]*=} ;;
      *) builtin break ;;
    esac
    @p@_guard_skip_value || builtin return 0
    @p@_guard_rest=${@p@_guard_rest# }
  done
  @p@_guard_name=''
  case $@p@_guard_rest in
    \"*\"*)
      @p@_guard_word=${@p@_guard_rest#\"}
      @p@_guard_word=${@p@_guard_word%%\"*}
      @p@_guard_name=\"$@p@_guard_word\"
      ;;
    \'*\'*)
      @p@_guard_word=${@p@_guard_rest#\'}
      @p@_guard_word=${@p@_guard_word%%\'*}
      @p@_guard_name=\'$@p@_guard_word\'
      # A dollar in it is no variable.
      case $@p@_guard_word in *\$*) @p@_guard_word='' ;; esac
      ;;
    # As in \npx, against an alias.
    \\[a-zA-Z0-9_]*)
      @p@_guard_word=${@p@_guard_rest#?}
      @p@_guard_word=${@p@_guard_word%% *}
      @p@_guard_name=\\$@p@_guard_word
      ;;
    *)
      @p@_guard_word=${@p@_guard_rest%% *}
      @p@_guard_name=$@p@_guard_word
      ;;
  esac
  # The word ends where the quotes end.
  case ${@p@_guard_rest#"$@p@_guard_name"} in
    '' | ' '*) ;;
    *) @p@_guard_word='' ;;
  esac
  case $@p@_guard_word in
    # `$PYTHON -m pytest`: the word is known here, and nowhere else before it runs.
    \$[a-zA-Z_]* | \$\{[a-zA-Z_]*\})
      @p@_guard_word=${@p@_guard_word#\$}
      @p@_guard_word=${@p@_guard_word#\{}
      @p@_guard_word=${@p@_guard_word%\}}
      case $@p@_guard_word in
        *[!a-zA-Z0-9_]*) @p@_guard_word='' ;;
        *)
          @p@_guard_word=${!@p@_guard_word-}
          @p@_guard_text=${1%"$@p@_guard_rest"}$@p@_guard_word${@p@_guard_rest#"$@p@_guard_name"}
          # Unquoted, a value of several words is several words.
          case $@p@_guard_name in \$*) @p@_guard_word=${@p@_guard_word%% *} ;; esac
          ;;
      esac
      ;;
    \~/*) @p@_guard_word=${HOME-}${@p@_guard_word#\~} ;;
  esac
  # What still could be expanded, or could not be written as a function's name.
  case $@p@_guard_word in
    *[\ \	\'\"\\\$\`\*\?\[\]\{\}\(\)\;\&\|\<\>\!\~\#=%]* | *$'\n'* | -*) @p@_guard_word='' ;;
  esac
}

# Takes the value of an assignment off the front of @p@_guard_rest, its caller's; false when its end is not plain to see.
@p@_guard_skip_value() {
  while builtin :; do
    case $@p@_guard_rest in
      '' | ' '*) builtin return 0 ;;
      \'*\'*)
        @p@_guard_rest=${@p@_guard_rest#\'}
        @p@_guard_rest=${@p@_guard_rest#*\'}
        ;;
      \"*)
        @p@_guard_rest=${@p@_guard_rest#\"}
        @p@_guard_skip_double_quoted || builtin return 1
        ;;
      \\?*) @p@_guard_rest=${@p@_guard_rest#??} ;;
      \$\{*\}*) @p@_guard_rest=${@p@_guard_rest#*\}} ;;
      \$\'* | \$\(* | [\'\`\(\)\<\>]*) builtin return 1 ;;
      *) @p@_guard_rest=${@p@_guard_rest#?} ;;
    esac
  done
}

# The same up to the closing quote of a double-quoted text.
@p@_guard_skip_double_quoted() {
  while builtin :; do
    @p@_guard_rest=${@p@_guard_rest#"${@p@_guard_rest%%[\"\\]*}"}
    case $@p@_guard_rest in
      \"*)
        @p@_guard_rest=${@p@_guard_rest#?}
        builtin return 0
        ;;
      \\?*) @p@_guard_rest=${@p@_guard_rest#??} ;;
      *) builtin return 1 ;;
    esac
  done
}

# True for a word that the shell itself carries out, and that starts no program, or whose text fires the trap anew (`eval`,
# `source`, the head of a loop).
@p@_guard_is_own_word() {
  case $1 in
    '(('* | '[[' | case | for | select) ;;
    . | : | '[' | alias | bg | bind | break | builtin | caller | cd | compgen | complete | compopt | continue | declare | dirs) ;;
    disown | echo | enable | eval | exit | export | false | fc | fg | getopts | hash | help | history | jobs | kill | let | local) ;;
    logout | mapfile | popd | printf | pushd | pwd | read | readarray | readonly | return | set | shift | shopt | source) ;;
    suspend | test | times | trap | true | type | typeset | ulimit | umask | unalias | unset | wait) ;;
    *) builtin return 1 ;;
  esac
}

# True when a function named @p@_guard_word can be defined now, so that the command can be made to fail, or to be a governed run.
@p@_guard_can_stand_in() {
  [[ -o posix ]] || builtin return 0
  # In posix mode the name has to be an identifier, and `exec` is found before any function.
  case $@p@_guard_word in
    exec | *[!a-zA-Z0-9_]* | [0-9]*) builtin return 1 ;;
  esac
}
