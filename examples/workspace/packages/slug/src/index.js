/** Letters that Unicode does not decompose into a base letter and a mark. */
const letters = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', þ: 'th', ı: 'i' };

/** `Crème brûlée, twice!` becomes `creme-brulee-twice`; at most `maxLength` characters, cut between words. */
function slug(title, maxLength = 60) {
  const words = title
    .toLowerCase()
    .replace(/[ßæœøłđþı]/g, (letter) => letters[letter])
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let result = '';
  for (const word of words) {
    const longer = result === '' ? word.slice(0, maxLength) : `${result}-${word}`;
    if (longer.length > maxLength) break;
    result = longer;
  }
  return result;
}

/** The first of `slug`, `slug-2`, `slug-3`, … that is not in `taken`. */
function unique(text, taken) {
  if (!taken.has(text)) return text;
  let number = 2;
  while (taken.has(`${text}-${number}`)) number += 1;
  return `${text}-${number}`;
}

module.exports = { slug, unique };
