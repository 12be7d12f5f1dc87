# The zsh text layer, what every guarded zsh reads: the environment layers, ZDOTDIR and the start-up files. It is kept
# short, and needs no module of zsh, because it is paid for by each `zsh -c`.
# hooks/guarded.zsh and hooks/zsh/.zshenv read it by `emulate -R zsh -o no_aliases -o no_xtrace -c`. That makes every
# function here sticky: it was read without the user's aliases, runs under zsh's own options whatever the user has set
# (ksh_arrays, err_exit, no_unset, xtrace …), and gives the user's options back when it returns.
# `builtin` stands wherever a function of the user's could come between. `trap - DEBUG ZERR`, with local_traps, keeps such
# traps of the user's from firing for what happens in here.

# The root is the directory above hooks/, symbolic links resolved; by the name that the shells above use for it, if it is
# the same directory, so that PATH and NODE_OPTIONS do not name it twice.
builtin typeset -g @p@_guard_root=${${(%):-%x}:A:h:h}
[[ ${@P@_GUARD_ROOT-} -ef $@p@_guard_root ]] && @p@_guard_root=$@P@_GUARD_ROOT

# ----------------------------------------------------------------------------------------------------------------------
# The environment layers

#@fragment layers@

# Puts back what start-up files, version managers and the like have moved or replaced.
@p@_guard_assert_layers() {
  builtin local @p@_guard_rest= @p@_guard_value= @p@_guard_cache= @p@_guard_flat=
  @p@_guard_assert_path
  @p@_guard_preload $@p@_guard_root/hooks/preload.cjs
  @p@_guard_python $@p@_guard_root/hooks/python
  if [[ ${(t)ZDOTDIR-} != *readonly* ]]; then
    @p@_guard_note_zdotdir
    # The fragment knows this one as ours, and the user's is noted.
    builtin export ZDOTDIR=${@P@_GUARD_ROOT-}/hooks/zsh
    @p@_guard_start_files $@p@_guard_root
  fi
  @p@_guard_mode
  [[ ${@P@_STATE_DIR:-/} == /* ]] || builtin typeset -g @p@_guard_given_state=$@P@_STATE_DIR
  @p@_guard_state_directory
}

# The shims first on PATH, where there are any.
@p@_guard_assert_path() {
  builtin local @p@_guard_rest=
  [[ ${(t)PATH-} == *readonly* || ! -d $@p@_guard_root/shims ]] || @p@_guard_path_first $@p@_guard_root/shims
}

# ----------------------------------------------------------------------------------------------------------------------
# ZDOTDIR: ours in the environment, so that every zsh below is guarded; the user's own while the user's files run.
# @p@_guard_their_zdotdir is the user's own, unset when there is none. @P@_GUARD_USER_ZDOTDIR tells it to the shells
# below, unless the user did not export it: then they would not know it without us either.

# True when the directory $1 is ours, of this or another installation.
@p@_guard_is_ours() {
  [[ -n $1 && ( $1 -ef $@p@_guard_root/hooks/zsh || -e $1/../guarded.zsh ) ]]
}

# Takes ZDOTDIR for the user's, if it is not ours.
@p@_guard_note_zdotdir() {
  if (( ! ${+ZDOTDIR} )); then
    builtin unset @p@_guard_their_zdotdir @P@_GUARD_USER_ZDOTDIR
  elif ! @p@_guard_is_ours $ZDOTDIR; then
    builtin typeset -g @p@_guard_their_zdotdir=$ZDOTDIR
    builtin unset @P@_GUARD_USER_ZDOTDIR
    [[ ${(t)ZDOTDIR} != *export* ]] || builtin export @P@_GUARD_USER_ZDOTDIR=$ZDOTDIR
  fi
}

# Gives the user's ZDOTDIR back, exported if it was.
@p@_guard_restore_zdotdir() {
  if [[ ${(t)ZDOTDIR-} == *readonly* ]]; then
    builtin return
  elif (( ! ${+@p@_guard_their_zdotdir} )); then
    builtin unset ZDOTDIR
  else
    builtin typeset -g +x ZDOTDIR=$@p@_guard_their_zdotdir
    [[ -z ${@P@_GUARD_USER_ZDOTDIR-} ]] || builtin export ZDOTDIR
  fi
}

# ----------------------------------------------------------------------------------------------------------------------
# Start-up files: each file in hooks/zsh/ enters, sources the user's file of the same name, and leaves

# What `$_` was after the last of them.
builtin typeset -g @p@_guard_last=

# @p@_guard_enter NAME: makes things as they are without us, for the user's file. Its path is in @p@_guard_user_file,
# empty when there is none.
@p@_guard_enter() {
  builtin typeset -gi @p@_guard_code=$?
  builtin setopt local_traps
  builtin trap - DEBUG ZERR
  builtin typeset -g @p@_guard_entered=$1
  builtin local parameter
  if [[ $1 == .zshenv ]]; then
    builtin unset @p@_guard_their_zdotdir
    [[ -z ${@P@_GUARD_USER_ZDOTDIR-} ]] || @p@_guard_is_ours $@P@_GUARD_USER_ZDOTDIR ||
      builtin typeset -g @p@_guard_their_zdotdir=$@P@_GUARD_USER_ZDOTDIR
    [[ ! -o interactive ]] || @p@_guard_hold_compinit
  elif [[ $1 == .zshrc && -n ${ZDOTDIR-} ]]; then
    @p@_guard_release_compinit
    # What the system's zshrc has derived from ZDOTDIR belongs where it would be without us. The sessions are macOS's.
    for parameter in HISTFILE SHELL_SESSION_{DIR,FILE,HISTFILE,HISTFILE_NEW,HISTFILE_SHARED,TIMESTAMP_FILE}; do
      [[ ${(P)parameter-} != $ZDOTDIR/* ]] ||
        builtin typeset -g "$parameter=${@p@_guard_their_zdotdir-$HOME}${${(P)parameter}#$ZDOTDIR}"
    done
  fi
  @p@_guard_restore_zdotdir
  builtin typeset -g @p@_guard_user_file=${ZDOTDIR-$HOME}/$1
  if [[ -r $@p@_guard_user_file && ! -d $@p@_guard_user_file || -r $@p@_guard_user_file.zwc ]]; then
    # There may be functions and aliases of the user's from now on.
    builtin typeset -g @p@_guard_has_names=1
  else
    @p@_guard_user_file=
  fi
}

# Puts @p@_guard_compinit in the place of a compinit that has not been called yet; takes it away again.
@p@_guard_hold_compinit() {
  case ${+_comp_dumpfile}${functions[compinit]-} in
    # Before zsh 5.8 functions could not be copied.
    0 | '0builtin autoload'*) builtin functions -c @p@_guard_compinit compinit 2>/dev/null ;;
  esac
}
@p@_guard_release_compinit() {
  [[ ${functions[compinit]-} != *@p@_guard_* ]] || builtin unfunction compinit
}

# The status with which this file was entered. An argument becomes `$_`, as any function's last one.
@p@_guard_status() {
  builtin return $@p@_guard_code
}

# @p@_guard_left ARGUMENTS… LAST: after the user's file. Puts the layers back and, after the last file, turns to the commands.
@p@_guard_left() {
  builtin setopt local_traps
  builtin trap - DEBUG ZERR
  @p@_guard_last=${argv[-1]}
  argv[-1]=()
  @p@_guard_assert_layers
  # no_rcs in one of them makes it the last; zsh then reads none of the others.
  case $@p@_guard_entered in
    .zshenv) [[ -o rcs ]] && [[ -o login || -o interactive ]] || @p@_guard_begin "$@" ;;
    .zprofile) [[ -o rcs ]] || @p@_guard_begin "$@" ;;
    .zshrc) [[ -o rcs && -o login ]] || @p@_guard_begin "$@" ;;
    .zlogin) @p@_guard_begin "$@" ;;
  esac
}

# For hooks/guarded.zsh; with the shell's arguments.
@p@_guard_install() {
  builtin setopt local_traps
  builtin trap - DEBUG ZERR
  builtin typeset -g @p@_guard_has_names=1
  @p@_guard_assert_layers
  @p@_guard_begin "$@"
}

# @p@_guard_begin ARGUMENTS…: what this shell is here for: the text of `zsh -c`, a prompt, or a script file.
@p@_guard_begin() {
  if (( ${+ZSH_EXECUTION_STRING} )); then
    # Some agents hand the command over in an argument: zsh -c 'eval "$1"' name 'npx jest | tail'.
    [[ $ZSH_EXECUTION_STRING == *eval* ]] || argv=()
    @p@_guard_look_at $ZSH_EXECUTION_STRING text "${(F)argv}"
  elif [[ -o interactive ]]; then
    @p@_guard_read zsh-prompt.zsh
  elif [[ ! -o shinstdin && -f ${ZSH_ARGZERO-} ]]; then
    # A look costs about 0.1 ms a KB; longer scripts are left to the shims and the preload.
    # N: nothing when there is no match, -: what a link points to, L: the size.
    builtin local -a small
    small=($ZSH_ARGZERO(N-L-131072))
    (( ! ${#small} )) || [[ ! -r $small ]] || @p@_guard_look_at "$(<$small)" script
  fi
}

# ----------------------------------------------------------------------------------------------------------------------
# A text that is about to run

# Functions that turned out to call no test runner, directory and name to text: they are asked about once.
builtin typeset -gA @p@_guard_calm

# @p@_guard_calls_suspect WORDS…: true when one of them is a function whose text could start a test runner.
@p@_guard_calls_suspect() {
  builtin local word
  for word; do
    (( ${+functions[$word]} )) || continue
    case ${functions[$word]} in
      @gate:text@) [[ ${@p@_guard_calm[$PWD:$word]-} == ${functions[$word]} ]] || builtin return 0 ;;
    esac
  done
  builtin return 1
}

# The same for functions and aliases: a text that was not parsed yet still holds its aliases. Not for texts that are longer
# than anybody types.
@p@_guard_names_suspect() {
  builtin local word
  [[ -n ${@p@_guard_has_names-} ]] && (( ${#1} < 4096 )) || builtin return 1
  # For functions, aliases and their like. A zsh that is called sh loads it only when told to.
  builtin zmodload zsh/parameter || builtin return 1
  for word in ${(z)1}; do
    case ${aliases[$word]-}${galiases[$word]-} in
      @gate:text@) builtin return 0 ;;
    esac
  done
  @p@_guard_calls_suspect ${(z)1}
}

# @p@_guard_look_at TEXT prompt|text|script [MORE]: prepares this shell for TEXT if that could start a test runner. A prompt
# has looked already. MORE are further command lines that TEXT may evaluate.
@p@_guard_look_at() {
  case $2:$1${3-} in
    prompt:* | @gate:text@) ;;
    *) @p@_guard_names_suspect "$1" || builtin return 0 ;;
  esac
  [[ -z ${@p@_guard_can_look-} ]] && ! @p@_guard_read zsh-look.zsh || @p@_guard_prepare "$@"
}

# @p@_guard_read FILE: one of the files beside this one.
@p@_guard_read() {
  if [[ ! -r $@p@_guard_root/hooks/$1 ]]; then
    @p@_guard_say_broken "hooks/$1 cannot be read"
    builtin return 1
  fi
  builtin source $@p@_guard_root/hooks/$1
}

# @p@_guard_say_broken WHAT: what is amiss with the guard itself is said once, for this shell and all that runs below; the
# shims and the preload know the word too.
@p@_guard_say_broken() {
  [[ ${@P@_GUARD_DECISION-} != broken ]] || builtin return 0
  builtin print -ru2 -- "test-governor: $1, so test runners run without a check; \"test-governor doctor\" says more."
  builtin export @P@_GUARD_DECISION=broken
}

# Takes the guard back out of this shell and of what it starts from now on.
guard_off() {
  [[ -z ${@p@_guard_can_look-} ]] && ! @p@_guard_read zsh-look.zsh || @p@_guard_take_back
}
