import { resolve } from 'node:path';
import { type Argument, splitAssignment } from './argument.ts';
import type { Scope } from './scope.ts';

/** No longer path is a directory that anybody stands in (PATH_MAX is 1024 on macOS). */
const longestPath = 1024;

function changeDirectory(args: readonly Argument[], scope: Scope): void {
  const target = args.find((argument) => !/^-./.test(argument.value));
  const isKnown = target !== undefined && target.source === null && target.value !== '-';
  const next = isKnown && scope.cwd !== null ? resolve(scope.cwd, target.value) : null;
  scope.cwd = next !== null && next.length <= longestPath ? next : null;
}

function assign(args: readonly Argument[], scope: Scope, isExport: boolean): void {
  for (const argument of args) {
    const assignment = splitAssignment(argument);
    if (assignment === null) {
      const known = isExport ? scope.variables.get(argument.value) : undefined;
      if (known !== undefined) {
        const value = { value: known, source: null };
        scope.exported.set(argument.value, { name: argument.value, value });
      }
      continue;
    }
    if (isExport) scope.exported.set(assignment.name, assignment);
    if (assignment.value.source === null) scope.variables.set(assignment.name, assignment.value.value);
    else scope.variables.delete(assignment.name);
  }
}

/** The builtins that change what the shell knows. True when the command was one and starts nothing. */
export function applyBuiltin(args: readonly Argument[], scope: Scope): boolean {
  let index = 0;
  while (args[index]?.value === 'builtin' || args[index]?.value === 'command') index += 1;
  const rest = args.slice(index + 1);
  switch (args[index]?.value) {
    case 'cd':
    case 'chdir':
    case 'pushd':
      if (scope.functions.has('cd')) return false;
      changeDirectory(rest, scope);
      return true;
    case 'popd':
      scope.cwd = null;
      return true;
    case 'export':
      assign(rest, scope, true);
      return true;
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      assign(
        rest,
        scope,
        rest.some((argument) => /^-[A-Za-z]*x/.test(argument.value)),
      );
      return true;
    case 'unset':
      for (const { value } of rest) {
        scope.variables.delete(value);
        scope.exported.delete(value);
        scope.functions.delete(value);
      }
      return true;
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'getopts':
      for (const { value } of rest) scope.variables.delete(value);
      return true;
    case 'set':
      if (rest[0]?.value === '--') scope.positional = rest.slice(1);
      return true;
    case 'shift':
      scope.positional =
        scope.positional === null ? null : scope.positional.slice(Number(rest[0]?.value ?? 1) || 1);
      return true;
    default:
      return false;
  }
}
