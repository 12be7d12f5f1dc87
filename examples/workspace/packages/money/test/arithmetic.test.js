const { add, allocate, amount, multiply, subtract } = require('..');

describe('arithmetic', () => {
  test('adds and subtracts without losing a cent', () => {
    const price = add(amount(10, 'EUR'), amount(20, 'EUR'));
    expect(price).toEqual({ minor: 30, currency: 'EUR' });
    expect(subtract(price, amount(30, 'EUR')).minor).toBe(0);
  });

  test('refuses to mix currencies', () => {
    expect(() => add(amount(1, 'EUR'), amount(1, 'USD'))).toThrow('EUR and USD do not mix');
  });

  test('refuses fractions of a minor unit', () => {
    expect(() => amount(0.5, 'EUR')).toThrow('no whole number of minor units');
  });

  test('rounds a product to the nearest minor unit', () => {
    expect(multiply(amount(999, 'EUR'), 0.19).minor).toBe(190);
  });
});

describe('allocation', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [5, [3, 7], [2, 3]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [0, [1, 2], [0, 0]],
  ])('splits %d by %j into %j', (minor, weights, parts) => {
    expect(allocate(amount(minor, 'EUR'), weights).map((part) => part.minor)).toEqual(parts);
  });

  test('never gains or loses a minor unit', () => {
    for (let minor = 0; minor < 500; minor += 7) {
      const parts = allocate(amount(minor, 'JPY'), [2, 3, 5, 11]);
      expect(parts.reduce(add)).toEqual(amount(minor, 'JPY'));
    }
  });

  test('refuses weights that add up to nothing', () => {
    expect(() => allocate(amount(1, 'EUR'), [0, 0])).toThrow('weights must be positive');
  });
});
