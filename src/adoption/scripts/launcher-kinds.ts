/** Programs that start the command behind their own arguments by its name, so that the governed one can stand in its place. */
export const keepsCommand = new Set(
  (
    'env genv cross-env dotenv dotenvx env-cmd timeout gtimeout nice ionice time gtime nohup setsid stdbuf unbuffer taskset ' +
    'caffeinate chronic exec command noglob nocorrect arch xvfb-run nyc c8 uv poetry pipenv pdm hatch rye conda mamba micromamba ' +
    'direnv mise rtx volta fnm asdf nvm systemd-inhibit numactl chrt prlimit xargs gxargs find gfind bfs flock op doppler ' +
    'infisical with-guard repeat lerna'
  ).split(' '),
);

/** Programs that give their text to a shell, which finds the governed command as it found the runner. */
export const keepsText = new Set(
  'sh bash dash zsh ksh ash mksh rbash concurrently conc start-server-and-test server-test start-test cross-env-shell'.split(
    ' ',
  ),
);

/** Programs that set variables for the command. */
export const environmentLaunchers = new Set([
  'env',
  'genv',
  'cross-env',
  'cross-env-shell',
  'dotenv',
  'dotenvx',
  'env-cmd',
]);

/** Programs that start the command again and again. */
export const watchers = new Set(['watch', 'gwatch', 'nodemon', 'entr']);

/** Programs that start the command as somebody else. */
export const otherUsers = new Set(['sudo', 'doas', 'su', 'runuser']);

/** Programs that start a program of node_modules/.bin by its name. */
export const packageRunners = new Set([
  'npx',
  'npm',
  'pnpm',
  'pn',
  'pnpx',
  'pnx',
  'yarn',
  'yarnpkg',
  'bun',
  'bunx',
]);
