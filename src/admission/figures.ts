/** A whole number with thousands separators (`2,048`). Not by Intl: loading its tables costs more than the rest. */
export function formatWhole(value: number): string {
  const rounded = Math.round(value);
  if (!Number.isSafeInteger(rounded)) return String(rounded);
  if (rounded < 0) return `-${formatWhole(-rounded)}`;
  let text = String(rounded);
  for (let at = text.length - 3; at > 0; at -= 3) text = `${text.slice(0, at)},${text.slice(at)}`;
  return text;
}

/** Megabytes (MiB) for people: `2,048 MB`. */
export function formatMb(megabytes: number): string {
  return `${formatWhole(megabytes)} MB`;
}

/** A number with two decimals at most: `12.3`, `8`. */
export function formatDecimal(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `1 slot`, `2 slots`. */
export function formatSlots(slots: number): string {
  return `${formatWhole(slots)} ${slots === 1 ? 'slot' : 'slots'}`;
}
