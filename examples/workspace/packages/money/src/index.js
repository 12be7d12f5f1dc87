/** An amount is a whole number of minor units (cents) and a currency: `{ minor: 1250, currency: 'EUR' }`. */

const digits = { EUR: 2, USD: 2, JPY: 0, KWD: 3 };

function digitsOf(currency) {
  const count = digits[currency];
  if (count === undefined) throw new RangeError(`unknown currency ${currency}`);
  return count;
}

function amount(minor, currency) {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${minor} is no whole number of minor units`);
  digitsOf(currency);
  return { minor, currency };
}

function sameCurrency(a, b) {
  if (a.currency !== b.currency) throw new TypeError(`${a.currency} and ${b.currency} do not mix`);
}

function add(a, b) {
  sameCurrency(a, b);
  return amount(a.minor + b.minor, a.currency);
}

function subtract(a, b) {
  sameCurrency(a, b);
  return amount(a.minor - b.minor, a.currency);
}

function multiply(a, factor) {
  return amount(Math.round(a.minor * factor), a.currency);
}

/** Splits an amount by weights so that the parts add up to it: the first parts take the odd minor units. */
function allocate(total, weights) {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0 || weights.some((weight) => weight < 0)) throw new RangeError('weights must be positive');
  const parts = weights.map((weight) => Math.trunc((total.minor * weight) / sum));
  const left = total.minor - parts.reduce((a, b) => a + b, 0);
  const step = Math.sign(left);
  for (let i = 0; i < Math.abs(left); i += 1) parts[i % parts.length] += step;
  return parts.map((minor) => amount(minor, total.currency));
}

/** `12.50` in EUR is 1250 cents. More decimal places than the currency has are an error, never rounded. */
function parse(text, currency) {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  const places = digitsOf(currency);
  if (match === null || (match[3] ?? '').length > places) {
    throw new RangeError(`"${text}" is no amount in ${currency}`);
  }
  const minor = Number(match[2] + (match[3] ?? '').padEnd(places, '0'));
  return amount(match[1] === '-' ? 0 - minor : minor, currency);
}

function format({ minor, currency }) {
  const places = digitsOf(currency);
  const text = String(Math.abs(minor)).padStart(places + 1, '0');
  const sign = minor < 0 ? '-' : '';
  const whole = text.slice(0, text.length - places);
  return `${sign}${whole}${places > 0 ? `.${text.slice(-places)}` : ''} ${currency}`;
}

module.exports = { add, allocate, amount, format, multiply, parse, subtract };
