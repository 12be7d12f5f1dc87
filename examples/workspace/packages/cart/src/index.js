const money = require('@example/money');

/** Adds `quantity` of a product; the same product a second time raises its quantity. Returns a new cart. */
function put(cart, product, quantity = 1) {
  if (!Number.isInteger(quantity) || quantity < 1)
    throw new RangeError('quantity must be a whole number from 1');
  const known = cart.find((line) => line.product.id === product.id);
  if (known === undefined) return [...cart, { product, quantity }];
  return cart.map((line) => (line === known ? { ...line, quantity: line.quantity + quantity } : line));
}

function remove(cart, id) {
  return cart.filter((line) => line.product.id !== id);
}

function subtotal(cart, currency) {
  return cart.reduce(
    (sum, { product, quantity }) => money.add(sum, money.multiply(product.price, quantity)),
    money.amount(0, currency),
  );
}

/** `percent` off everything, or `amount` off, never below nothing. */
function discounted(total, discount) {
  const off =
    discount.percent === undefined ? discount.amount : money.multiply(total, discount.percent / 100);
  const left = money.subtract(total, off);
  return left.minor < 0 ? money.amount(0, total.currency) : left;
}

/** What each line costs after a discount on the whole cart; the lines add up to the discounted total. */
function spread(cart, currency, discount) {
  const total = subtotal(cart, currency);
  if (total.minor === 0) return cart.map(() => total);
  const weights = cart.map(({ product, quantity }) => product.price.minor * quantity);
  return money.allocate(discounted(total, discount), weights);
}

module.exports = { discounted, put, remove, spread, subtotal };
