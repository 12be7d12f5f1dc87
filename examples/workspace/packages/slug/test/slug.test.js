const { slug, unique } = require('..');

describe('slug', () => {
  test.each([
    ['Hello, World', 'hello-world'],
    ['Crème brûlée, twice!', 'creme-brulee-twice'],
    ['Straße nach Łódź', 'strasse-nach-lodz'],
    ["The shop's   own — blend", 'the-shops-own-blend'],
    ['日本', ''],
    ['', ''],
  ])('makes %j %j', (title, expected) => {
    expect(slug(title)).toBe(expected);
  });

  test('cuts between words', () => {
    expect(slug('one two three four', 10)).toBe('one-two');
    expect(slug('extraordinarily', 5)).toBe('extra');
  });

  test('leaves a slug as it is', () => {
    expect(slug(slug('Crème brûlée'))).toBe(slug('Crème brûlée'));
  });
});

describe('unique', () => {
  test('counts up from 2', () => {
    expect(unique('tea', new Set())).toBe('tea');
    expect(unique('tea', new Set(['tea']))).toBe('tea-2');
    expect(unique('tea', new Set(['tea', 'tea-2', 'tea-4']))).toBe('tea-3');
  });
});
