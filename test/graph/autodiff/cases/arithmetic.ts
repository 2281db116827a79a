import { int } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { Random } from '../random.js';
import type { TestFunction } from '../test-function.js';
import { powerCases } from './power.js';

/** Away from zero, where quotients and logarithms are tame. */
export const positive = (random: Random): number => 0.3 + 1.7 * random.uniform();

/** The ways two shapes broadcast that occur in networks. */
const shapePairs = [
  { name: 'of equal shapes', a: [BATCH, 3, 2], b: [BATCH, 3, 2] },
  { name: 'with a vector per channel', a: [BATCH, 3, 2], b: [3, 1] },
  { name: 'with a scalar', a: [BATCH, 3, 2], b: [] },
  { name: 'with a single element', a: [], b: [BATCH, 3] },
  { name: 'with a row per example', a: [BATCH, 1, 2], b: [BATCH, 3, 1] },
  { name: 'with a whole image', a: [1, 3, 2], b: [BATCH, 3, 2] },
  { name: 'between weights', a: [3, 1], b: [1, 2] },
];

const binary = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min'].flatMap((op) =>
  shapePairs.map(({ name, a, b }): TestFunction => ({
    name: `${op} ${name}`,
    inputs: { a: { dims: a }, b: op === 'Div' ? { dims: b, sample: positive } : { dims: b } },
    build: (builder) => {
      const result = builder.add(op, ['a', 'b']);
      // Weights alone do not make a function of the batch.
      return [...a, ...b].includes(BATCH) ? result : builder.add('Mul', [result, result]);
    },
  })),
);

/** Dividends between the multiples of 1.2, up to three of which are taken away. */
const remainders = (random: Random): number =>
  (random.uniform() < 0.5 ? -1 : 1) *
  (Math.floor(4 * random.uniform()) * 1.22 + 0.3 + 0.6 * random.uniform());

const several = ['Sum', 'Mean', 'Max', 'Min'].flatMap((op): TestFunction[] => [
  {
    name: `${op} of three, broadcasting`,
    inputs: { a: { dims: [BATCH, 3] }, b: { dims: [3] }, c: { dims: [BATCH, 1] } },
    build: (builder) => builder.add(op, ['a', 'b', 'c']),
  },
  {
    name: `${op} of one`,
    inputs: { a: { dims: [BATCH, 3] } },
    build: (builder) => builder.add(op, ['a']),
  },
]);

export const arithmeticCases: readonly TestFunction[] = [
  ...binary,
  ...powerCases,
  ...several,
  {
    name: 'Mod, the remainder of C, of a dividend whose sign it takes',
    inputs: {
      a: { dims: [BATCH, 3, 2], sample: remainders },
      b: { dims: [3, 1], sample: (random) => 1.2 + 0.02 * random.uniform() },
    },
    build: (builder) => builder.add('Mod', ['a', 'b'], { fmod: int(1) }),
  },
  {
    name: 'a value used twice by one node and again by another',
    inputs: { a: { dims: [BATCH, 3] } },
    build: (builder) => {
      const square = builder.add('Mul', ['a', 'a']);
      return builder.add('Add', [builder.add('Sub', [square, 'a']), builder.add('Mul', [square, 'a'])]);
    },
  },
  {
    name: 'Where, broadcasting all three inputs',
    inputs: { x: { dims: [BATCH, 3, 2] }, a: { dims: [3, 1] }, b: { dims: [BATCH, 1, 2] } },
    build: (builder) => {
      const condition = builder.add('Greater', ['x', builder.scalar(0)]);
      return builder.add('Where', [condition, builder.add('Mul', ['x', 'a']), 'b']);
    },
  },
  {
    name: 'Where of a constant and a weight',
    inputs: { x: { dims: [BATCH, 3] }, a: { dims: [3] } },
    build: (builder) => {
      const condition = builder.add('Less', ['x', builder.scalar(0.5)]);
      return builder.add('Add', ['x', builder.add('Where', [condition, 'a', builder.scalar(7)])]);
    },
  },
  {
    name: 'Clip between two bounds, which get gradients too',
    inputs: {
      x: { dims: [BATCH, 8] },
      lower: { dims: [], sample: () => -0.71234 },
      upper: { dims: [], sample: () => 0.91234 },
    },
    build: (builder) => builder.add('Clip', ['x', 'lower', 'upper']),
  },
  {
    name: 'Clip with a lower bound only',
    inputs: { x: { dims: [BATCH, 8] } },
    build: (builder) => builder.add('Clip', ['x', builder.scalar(-0.51234)]),
  },
  {
    name: 'Clip with an upper bound only',
    inputs: { x: { dims: [BATCH, 8] } },
    build: (builder) => builder.add('Clip', ['x', '', builder.scalar(0.51234)]),
  },
];
