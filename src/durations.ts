/** A length of time for people, in its two largest units: `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < 1000) return `${ms} ms`;
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [name, seconds] of units) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** A limit that somebody has set, to the fraction of a second: `1.5 s` is said as it was given, and not as 2 s. */
export function formatLimit(milliseconds: number): string {
  const isWhole = milliseconds < 1000 || milliseconds % 1000 === 0;
  return isWhole ? formatDuration(milliseconds) : `${milliseconds / 1000} s`;
}

/** A position in a line for people: `1st`, `2nd`, `3rd`, `11th`, `21st`. */
export function ordinal(position: number): string {
  const isTeen = position % 100 >= 11 && position % 100 <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${ending}`;
}
