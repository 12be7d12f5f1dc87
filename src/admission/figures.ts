/** A whole number with thousands separators (`2,048`). Not by Intl: loading its tables costs more than the rest. */
export function formatWhole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
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
