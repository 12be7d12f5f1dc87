function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/**
 * Commands that start no runner whatever their arguments are, so that a line made of nothing else need not be classified
 * although it speaks of one (`grep jest package.json`, `npm install vitest | tail -5`).
 * Only the classifier's view counts: what these programs may run by themselves (git hooks, install scripts) is no part of the line.
 * Never list a command here that can be given a command to run: `git rebase --exec`, `find -exec`, `env`, `xargs`.
 */
const words = list(`
  cd ls cat grep rg echo head tail rm cp mv mkdir which
  less more bat wc sort uniq cut tr tee nl column egrep fgrep ag ack diff cmp jq sed awk file stat strings
  ll la tree pushd popd pwd du df rmdir touch ln chmod chown readlink realpath basename dirname mktemp tar unzip zip rsync
  printf true false : test [ export unset type whereis man help ps pgrep pkill kill killall jobs sleep date whoami clear
  history vi vim nvim nano emacs code gh curl wget prettier eslint tsc biome
`);

/** The same for programs of which only some subcommands start nothing. Yarn's are those that both of its lines know. */
const forms: Readonly<Record<string, readonly string[]>> = {
  git: list(`
    commit add status diff log show push pull checkout switch restore stash branch fetch merge rm mv grep tag reset
    apply archive blame cherry-pick clean clone describe init ls-files ls-remote ls-tree merge-base reflog remote rev-list
    rev-parse revert shortlog show-ref worktree
  `),
  npm: list(`
    install i in add ci clean-install uninstall un remove rm r update up upgrade outdated view info show v ls list ll la
    search explain why query audit fund config c get set pkg cache dedupe ddp prune root prefix bin help doctor ping link ln
    login logout whoami owner token dist-tag deprecate --version -v --help -h
  `),
  pnpm: list(`
    install i add remove rm uninstall un update up upgrade outdated list ls ll why audit store config licenses prune dedupe
    fetch import link unlink root bin help --version -v --help -h
  `),
  yarn: list('install add remove why info config cache link unlink --version -v --help -h'),
  bun: list('install i add a remove rm update outdated link unlink pm --version -v --help -h'),
  pip: list('install uninstall show list freeze download index check --version'),
  pip3: list('install uninstall show list freeze download index check --version'),
  uv: list('add remove sync lock pip tree --version'),
  brew: list('install uninstall upgrade update info list search'),
  apt: list('install remove update show search list'),
  'apt-get': list('install remove update'),
  corepack: list('enable disable prepare install use up --version'),
  command: list('-v -V'),
};

/**
 * The beginnings, each a command or a command and its subcommand, of simple commands that start nothing. The most frequent
 * come first, because the shells compare one after the other.
 */
export const calmBeginnings: readonly string[] = [
  ...(forms.git ?? []).map((word) => `git ${word}`),
  ...words,
  ...Object.entries(forms)
    .filter(([name]) => name !== 'git')
    .flatMap(([name, subcommands]) => subcommands.map((word) => `${name} ${word}`)),
];

/** The subcommands of a program that start nothing; empty for a program that is not listed. */
export function calmSubcommands(name: string): readonly string[] {
  return forms[name] ?? [];
}
