import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBudget, parsePairs, parseValue } from '../../src/cli/number.js';

describe('budgets on the command line', () => {
  it.each([
    ['0.1', 0.1],
    ['8/255', 8 / 255],
    [' 8 / 255 ', 8 / 255],
    ['1e-3', 1e-3],
    ['.5', 0.5],
    ['0', 0],
  ])('"%s" is %d', (text, value) => {
    expect(parseBudget(text, 'epsilon')).toBe(value);
  });

  it.each(['', 'x', '8/', '/255', '1/0', '-0.1', '1/2/3', 'Infinity', '0x10'])(
    '"%s" is refused by name',
    (text) => {
      expect(() => parseBudget(text, 'epsilon')).toThrow(
        `--epsilon must be a number such as 0.1 or 8/255, received "${text}"`,
      );
    },
  );

  it('reads back every float it can print', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseBudget(String(value), 'epsilon')).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('--set', () => {
  it('keeps JSON values, fractions and bare words apart', () => {
    expect(
      parsePairs(['steps=40', 'randomStart=false', 'stepSize=2/255', 'return=best', 'list=[1,2]', 'a=b=c']),
    ).toEqual({
      steps: 40,
      randomStart: false,
      stepSize: 2 / 255,
      return: 'best',
      list: [1, 2],
      a: 'b=c',
    });
  });

  it('leaves paths alone', () => {
    expect(parseValue('boxes/a.npz')).toBe('boxes/a.npz');
  });

  it.each(['steps', '=4'])('refuses "%s"', (pair) => {
    expect(() => parsePairs([pair])).toThrow(`--set takes key=value, received "${pair}"`);
  });
});
