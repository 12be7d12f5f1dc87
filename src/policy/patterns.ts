/** A text as a regular expression that matches just it. */
function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?+*()[\]{}]/g, '\\$&');
}

/**
 * A pattern with stars as a regular expression over the whole of a name.
 * @param star what one star stands for; two or more stand for anything.
 */
export function starPattern(pattern: string, star: string): RegExp {
  const parts = pattern.split(/(\*+)/).map((part) => {
    if (part.startsWith('**')) return '.*';
    return part === '*' ? star : escapePattern(part);
  });
  return new RegExp(`^${parts.join('')}$`);
}
