const { format, parse } = require('..');

describe('text', () => {
  test.each([
    ['12.50', 'EUR', 1250],
    ['12.5', 'EUR', 1250],
    ['-0.01', 'USD', -1],
    ['400', 'JPY', 400],
    ['1.234', 'KWD', 1234],
  ])('reads %s %s as %d minor units', (text, currency, minor) => {
    expect(parse(text, currency)).toEqual({ minor, currency });
  });

  test.each(['', '1,50', '1.234', 'EUR 3'])('refuses %j', (text) => {
    expect(() => parse(text, 'EUR')).toThrow('is no amount in EUR');
  });

  test.each([
    [5, 'EUR', '0.05 EUR'],
    [-1250, 'EUR', '-12.50 EUR'],
    [400, 'JPY', '400 JPY'],
  ])('writes %d %s as %s', (minor, currency, text) => {
    expect(format({ minor, currency })).toBe(text);
  });
});
