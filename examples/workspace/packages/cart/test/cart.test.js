const money = require('@example/money');
const { discounted, put, remove, spread, subtotal } = require('..');

const tea = { id: 'tea', price: money.parse('3.30', 'EUR') };
const pot = { id: 'pot', price: money.parse('24.99', 'EUR') };

describe('a cart', () => {
  test('counts the same product once', () => {
    const cart = put(put(put([], tea), pot), tea, 2);
    expect(cart.map((line) => [line.product.id, line.quantity])).toEqual([
      ['tea', 3],
      ['pot', 1],
    ]);
  });

  test('is not changed by what is made from it', () => {
    const cart = put([], tea);
    put(cart, tea);
    remove(cart, 'tea');
    expect(cart).toEqual([{ product: tea, quantity: 1 }]);
  });

  test.each([0, -1, 1.5])('refuses a quantity of %d', (quantity) => {
    expect(() => put([], tea, quantity)).toThrow('whole number from 1');
  });

  test('adds up', () => {
    expect(money.format(subtotal(put(put([], tea, 3), pot), 'EUR'))).toBe('34.89 EUR');
    expect(subtotal([], 'EUR').minor).toBe(0);
  });
});

describe('a discount', () => {
  test('takes a percentage or an amount off', () => {
    const total = money.parse('34.89', 'EUR');
    expect(money.format(discounted(total, { percent: 10 }))).toBe('31.40 EUR');
    expect(money.format(discounted(total, { amount: money.parse('5', 'EUR') }))).toBe('29.89 EUR');
  });

  test('never makes a cart cost less than nothing', () => {
    expect(discounted(tea.price, { amount: pot.price }).minor).toBe(0);
  });

  test('is spread over the lines without a lost cent', () => {
    const cart = put(put([], tea, 3), pot);
    const lines = spread(cart, 'EUR', { percent: 15 });
    expect(lines.reduce(money.add)).toEqual(discounted(subtotal(cart, 'EUR'), { percent: 15 }));
  });

  test('of an empty cart is nothing', () => {
    expect(spread([], 'EUR', { percent: 15 })).toEqual([]);
  });
});
