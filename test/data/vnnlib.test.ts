import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readBoxes } from '../../src/data/boxes.js';
import { openDataset } from '../../src/data/registry.js';
import { parseVnnlib } from '../../src/data/vnnlib.js';

const declarations = (inputs: number, outputs: number): string =>
  [
    ...Array.from({ length: inputs }, (_value, i) => `(declare-const X_${i} Real)`),
    ...Array.from({ length: outputs }, (_value, i) => `(declare-const Y_${i} Real)`),
  ].join('\n');
const bounds = (i: number, lower: number | string, upper: number | string): string =>
  `(assert (<= X_${i} ${upper}))\n(assert (>= X_${i} ${lower}))`;
const head = `; a comment (with parentheses\n${declarations(2, 3)}\n${bounds(0, -1, 1)}\n${bounds(1, 0.25, '5e-1')}\n`;
const parse = (property: string) => parseVnnlib(head + property, 'x.vnnlib');

describe('a VNN-LIB instance', () => {
  it('is a box, its middle, and a property of the outputs', () => {
    const instance = parse('(assert (or (and (>= Y_0 Y_1)) (and (>= Y_2 Y_1))))');
    expect([...instance.lower]).toEqual([-1, 0.25]);
    expect([...instance.upper]).toEqual([1, 0.5]);
    expect([...instance.centre]).toEqual([0, 0.375]);
    expect(instance).toMatchObject({ numClasses: 3, property: { kind: 'untargeted', label: 1 } });
  });

  it.each([
    ['with the label on the left', '(assert (or (and (<= Y_2 Y_0)) (and (<= Y_2 Y_1))))', { label: 2 }],
    ['without the inner and', '(assert (or (>= Y_1 Y_0) (>= Y_2 Y_0)))', { label: 0 }],
    ['with a case given twice', '(assert (or (>= Y_1 Y_0) (>= Y_2 Y_0) (<= Y_0 Y_2)))', { label: 0 }],
    ['as separate claims on a target', '(assert (>= Y_1 Y_0))(assert (<= Y_2 Y_1))', { target: 1 }],
    ['as one conjunction for a target', '(assert (and (>= Y_2 Y_0) (>= Y_2 Y_1)))', { target: 2 }],
    ['as a disjunction of one conjunction', '(assert (or (and (>= Y_2 Y_0) (>= Y_2 Y_1))))', { target: 2 }],
  ])('knows a misclassification %s', (_how, property, expected) => {
    expect(parse(property).property).toMatchObject(expected);
  });

  it('of two classes is about the label', () => {
    const text = `${declarations(1, 2)}\n${bounds(0, 0, 1)}\n(assert (>= Y_1 Y_0))`;
    expect(parseVnnlib(text, 'x').property).toEqual({ kind: 'untargeted', label: 0 });
  });

  it('takes the tightest of several bounds, written either way round, and negated numbers', () => {
    const more =
      '(assert (and (<= (- 0.5) X_0) (>= 2 X_0) (<= X_0 0.75)))(assert (or (>= Y_0 Y_1) (>= Y_2 Y_1)))';
    const { lower, upper } = parse(more);
    expect([lower[0], upper[0]]).toEqual([-0.5, 0.75]);
  });

  it('lies within the real box, or between two neighbouring floats as near as it can', () => {
    const real = fc.double({ min: -300, max: 300, noNaN: true });
    fc.assert(
      fc.property(real, fc.double({ min: 0, max: 2, noNaN: true }), (lower, width) => {
        const upper = lower + width;
        const text = `${declarations(1, 2)}\n${bounds(0, lower, upper)}\n(assert (>= Y_1 Y_0))`;
        const instance = parseVnnlib(text, 'x');
        const [low, high, centre] = [instance.lower[0]!, instance.upper[0]!, instance.centre[0]!];
        expect(low <= centre && centre <= high).toBe(true);
        if (low === high) {
          expect(Math.abs(low - (lower + upper) / 2)).toBeLessThanOrEqual(
            2 ** -24 * Math.abs(upper + lower) + width + 2 ** -149,
          );
        } else {
          expect(low >= lower && high <= upper).toBe(true);
          // Nothing of the box is given away but the part of a float's spacing.
          expect(low - lower).toBeLessThanOrEqual(2 ** -23 * Math.abs(lower) + 2 ** -149);
          expect(upper - high).toBeLessThanOrEqual(2 ** -23 * Math.abs(upper) + 2 ** -149);
        }
      }),
    );
  });

  const valid = '(assert (or (>= Y_1 Y_0) (>= Y_2 Y_0)))';
  it.each([
    [
      'a parenthesis never closed',
      `${head}(assert (>= Y_0`,
      /line 11, column 9: found a "\(" that is never closed/,
    ],
    ['a parenthesis too many', `${head})`, /line 11, column 1: found a "\)" that closes nothing/],
    ['an unknown command', `${head}(check-sat)`, /line 11, column 1: expected .*found \(check-sat\)/],
    ['another type', '(declare-const X_0 Int)', /line 1, column 1: .*found \(declare-const X_0 Int\)/],
    ['an unknown variable', '(declare-const Z_0 Real)', /found \(declare-const Z_0 Real\)/],
    [
      'a number that is none',
      `${head}(assert (<= X_0 many))`,
      /line 11, column 17: expected a number, found many/,
    ],
    [
      'a strict comparison',
      `${head}(assert (< X_0 1))`,
      /expected a comparison by >= or <=, found \(< X_0 1\)/,
    ],
    ['an undeclared input', `${head}(assert (<= X_7 1))`, /X_7 is not declared/],
    ['an undeclared output', `${head}(assert (>= Y_9 Y_0))`, /Y_9 is not declared/],
    [
      'a relation of inputs',
      `${head}(assert (<= X_0 X_1))`,
      /only comparisons of two outputs .*\(<= X_0 X_1\)/,
    ],
    [
      'a threshold on an output',
      `${head}(assert (<= Y_0 3.5))`,
      /only comparisons of two outputs .*\(<= Y_0 3\.5\)/,
    ],
    ['a disjunction of boxes', `${head}(assert (or (and (<= X_0 1) (>= Y_0 Y_1))))`, /found \(<= X_0 1\)/],
    [
      'a missing upper bound',
      `${declarations(1, 3)}(assert (>= X_0 0))${valid}`,
      /line 1, column 1: X_0 has no upper bound/,
    ],
    [
      'crossed bounds',
      `${declarations(1, 3)}${bounds(0, 2, 1)}${valid}`,
      /lower bound 2 above its upper bound 1/,
    ],
    [
      'a gap in the inputs',
      `(declare-const X_1 Real)${declarations(0, 3)}${bounds(1, 0, 1)}${valid}`,
      /X_0 is not declared/,
    ],
    ['no inputs', `${declarations(0, 3)}${valid}`, /no input variable/],
    ['one output', `${declarations(1, 1)}${bounds(0, 0, 1)}`, /found 1 output variables/],
    ['no property', head, /found no property/],
    [
      'a property of some classes only',
      `${head}(assert (or (>= Y_1 Y_0)))`,
      /only misclassification is supported/,
    ],
    [
      'a target twice',
      `${head}(assert (>= Y_1 Y_0))(assert (>= Y_1 Y_0))`,
      /only misclassification is supported/,
    ],
  ])('is refused for %s, saying where', (_what, text, message) => {
    expect(() => parseVnnlib(text, 'x.vnnlib')).toThrow(
      expect.objectContaining({
        code: 'GAUNTLET_E_DATA_INVALID',
        message: expect.stringMatching(message) as unknown,
      }),
    );
  });

  it('is a data set of one example and a box by its path, gzipped or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gauntlet-vnnlib-'));
    const text = `${head}(assert (or (>= Y_0 Y_2) (>= Y_1 Y_2)))`;
    for (const [file, bytes] of [
      ['one.vnnlib', Buffer.from(text)],
      ['two.vnnlib.gz', gzipSync(text)],
    ] as const) {
      const path = join(folder, file);
      writeFileSync(path, bytes);
      const dataset = await openDataset({ source: path, split: 'test' });
      expect(dataset).toMatchObject({ length: 1, units: 'model', numClasses: 3, shape: [2] });
      const batch = await dataset.read([0]);
      expect([[...batch.data], [...batch.labels], batch.keys]).toEqual([[0, 0.375], [2], [0]]);
      await expect(dataset.read([1])).rejects.toMatchObject({ code: 'GAUNTLET_E_INDEX_RANGE' });
      const boxes = await readBoxes(path, 2);
      expect([[...boxes.lower], [...boxes.upper], boxes.rowsFor([0])]).toEqual([[-1, 0.25], [1, 0.5], [0]]);
      await expect(readBoxes(path, 3)).rejects.toThrow(/has 2 inputs, the model takes 3/);
    }
  });
});
