# True when node with these arguments could start a runner: the file that it runs is one, or a package manager or another
# program that starts what its arguments say.
@p@_guard_node_is_suspect() {
  @local@ @p@_guard_before
  @p@_guard_before=''
  while @b@ [ "$#" -gt 0 ]; do
    case $1 in
      --run | --run=*) @b@ return 0 ;;
      --) @p@_guard_before='' ;;
      -*) @p@_guard_before=option ;;
      *)
        ! @p@_guard_node_file_is_suspect "$@" || @b@ return 0
        # Right behind an option it may be that option's value, and the file still to come.
        case $@p@_guard_before in '') @b@ return 1 ;; esac
        @p@_guard_before=''
        ;;
    esac
    @b@ shift
  done
  @b@ return 1
}

# The same for the file $1 and the arguments that it is given.
@p@_guard_node_file_is_suspect() {
  case $1 in
    @gate:main-file-patterns@) @b@ return 0 ;;
  esac
  case ${1##*/} in
    @gate:runner-commands@ | @gate:governor-commands@) @b@ return 0 ;;
    npm | npm-cli.js)
      @b@ shift
      @p@_guard_npm_is_suspect "$@"
      ;;
    pnpm | pnpm.js | pnpm.cjs | pnpm.mjs)
      @b@ shift
      @p@_guard_pnpm_is_suspect "$@"
      ;;
    yarn | yarnpkg | yarn*.js | yarn*.cjs | yarn*.mjs)
      @b@ shift
      @p@_guard_yarn_is_suspect "$@"
      ;;
    npx | npx-cli.js | pnpx | pnpx.cjs | @gate:launchers@)
      @b@ shift
      @p@_guard_has_hot_argument "$@"
      ;;
    @gate:script-launchers@) @b@ return 0 ;;
    *) @b@ return 1 ;;
  esac
}
