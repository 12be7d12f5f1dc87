// Node builtins only: the quickstart uses it before anything is installed.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * `environment` as it would be without the shell that `npm run` or a guard made of it: no variable of ours, no shims
 * or `node_modules/.bin` on PATH, none of our files in NODE_OPTIONS, PYTHONPATH, BASH_ENV, ZDOTDIR and PROMPT_COMMAND, no package
 * fields of npm's. What the user set, settings of npm (`npm_config_…`) among it, stays.
 */
export function plainEnvironment(environment) {
  const plain = {};
  for (const [name, value] of Object.entries(environment)) {
    if (/^(BASESHOP_|npm_(package|lifecycle|command|execpath|node_execpath)|INIT_CWD$)/.test(name)) continue;
    if (name === 'npm_config_local_prefix') continue;
    plain[name] = value;
  }
  plain.PATH = plainPath(environment.PATH ?? '');
  setOrDelete(plain, 'PYTHONPATH', plainPythonPath(environment.PYTHONPATH ?? ''));
  setOrDelete(plain, 'NODE_OPTIONS', plainNodeOptions(environment.NODE_OPTIONS ?? ''));
  const own = {
    BASH_ENV: ownFile(environment.BASH_ENV),
    ZDOTDIR: ownFile(environment.ZDOTDIR),
    PROMPT_COMMAND: environment.PROMPT_COMMAND?.includes('BASESHOP_GUARD_') ?? false,
  };
  for (const [name, isOurs] of Object.entries(own)) {
    setOrDelete(plain, name, isOurs ? environment[`BASESHOP_GUARD_USER_${name}`] : environment[name]);
  }
  return plain;
}

function plainPath(path) {
  const foreign = (directory) =>
    !/\/node_modules\/\.bin\/?$|\/node-gyp-bin\/?$/.test(directory) &&
    !existsSync(join(directory, '.test-governor-shims'));
  return path.split(delimiter).filter(foreign).join(delimiter);
}

function plainPythonPath(path) {
  return path
    .split(delimiter)
    .filter((directory) => !directory.endsWith('/hooks/python'))
    .join(delimiter);
}

/** Node splits NODE_OPTIONS at spaces outside double quotes; inside them a backslash escapes. */
function plainNodeOptions(options) {
  const words = options.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [];
  const kept = [];
  for (let i = 0; i < words.length; i += 1) {
    if (/^(--require|-r)$/.test(words[i]) && ownFile(words[i + 1])) i += 1;
    else if (!(words[i].startsWith('--require=') && ownFile(words[i]))) kept.push(words[i]);
  }
  return kept.join(' ');
}

/** Ours lie in hooks/; what loads the preload may be in the user's cache, named after its path with `%` for `/`. */
function ownFile(path) {
  return path !== undefined && /[/%]hooks[/%](preload\.cjs|bash-env\.bash|zsh\/?)"?$/.test(path);
}

function setOrDelete(environment, name, value) {
  if (value === undefined || value === '') delete environment[name];
  else environment[name] = value;
}
