/**
 * The path of what lies in a directory, as `path.join` gives it for a directory without a superfluous `/` and a name without `.` and
 * `..`. join looks at each character of both: a start does that ninety times, which takes node 0.5 ms, and V8 then compiles join anew in
 * every process that waits (2 ms).
 */
export function below(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}
