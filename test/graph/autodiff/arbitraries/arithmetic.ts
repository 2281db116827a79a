import fc from 'fast-check';
import { int, type GraphBuilder } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { samples } from '../cases/activation.js';
import { constantPower, variablePower } from '../cases/power.js';
import type { TestFunction } from '../test-function.js';
import { shapes } from './activation.js';
import { upTo, type OperatorArbitraries, type OperatorArbitrary } from './arbitrary.js';

/** Shapes that broadcast: each axis of a common one is dropped (from the front), 1 or whole in each. */
const broadcasting = (min: number, max = min): fc.Arbitrary<Dimension[][]> =>
  fc.tuple(shapes, upTo(max, min)).chain(([full, count]) =>
    fc.array(
      fc
        .record({
          ones: fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }),
          dropped: upTo(full.length, 0),
        })
        .map(({ ones, dropped }) => full.map((dim, axis) => (ones[axis] === true ? 1 : dim)).slice(dropped)),
      { minLength: count, maxLength: count },
    ),
  );

/** The code of the boolean type in ONNX. */
const BOOL = 9;

type Inputs = TestFunction['inputs'];

/** A function of broadcasting inputs, made to depend on the batch by a factor. */
const combination = (
  op: string,
  inputs: Inputs,
  build: (builder: GraphBuilder, names: readonly string[]) => string,
  others: Inputs = {},
): TestFunction => ({
  name: `${op} at random`,
  inputs: { ...inputs, ...others, x: { dims: [BATCH, 1] } },
  build: (builder) =>
    builder.add('Mul', [build(builder, Object.keys(inputs)), builder.add('ReduceSum', ['x'])]),
});

const named = (dims: readonly Dimension[][], sample?: Inputs[string]['sample']): Inputs =>
  Object.fromEntries(dims.map((shape, i) => [`in${i}`, { dims: shape, ...(sample && { sample }) }]));

const ofMany = (
  op: string,
  min: number,
  max = min,
  sample?: Inputs[string]['sample'],
): OperatorArbitrary => ({
  functions: broadcasting(min, max).map((dims) =>
    combination(op, named(dims, sample), (builder, names) => builder.add(op, names)),
  ),
  runs: 20,
});

/** So that no sum is zero but for rounding. */
const addends = samples({ low: 0.2, high: 2 });

const divisions = broadcasting(2).map(([a, b]) => {
  const divisor = { dims: b!, sample: samples({ low: 0.4, high: 2 }) };
  return combination('Div', { a: { dims: a! }, b: divisor }, (builder, names) => builder.add('Div', names));
});

/** Dividends half a divisor away from its multiples, give or take. */
const remainders = broadcasting(2).map(([a, b]) => {
  const sample = samples({ low: -5, high: 5, kinks: [-4.5, -3, -1.5, 1.5, 3, 4.5] });
  const inputs = { a: { dims: a!, sample }, b: { dims: b!, sample: () => 1.5 } };
  return combination('Mod', inputs, (builder, names) => builder.add('Mod', names, { fmod: int(1) }));
});

const powers = fc.oneof(
  broadcasting(2).map(([a, b]) => variablePower('at random', a!, b!)),
  fc
    .tuple(fc.constantFrom(-2, -1, -0.5, 0, 0.5, 1, 1.7, 2, 3, 5), shapes)
    .map(([exponent, dims]) => constantPower(exponent, dims)),
);

const choices = broadcasting(3).map(([condition, ...branches]) =>
  combination(
    'Where',
    named(branches),
    (builder, names) => {
      const taken = builder.add('Cast', ['condition'], { to: int(BOOL) });
      return builder.add('Where', [taken, ...names]);
    },
    { condition: { dims: condition!, type: 'int64', sample: (random) => Math.floor(2 * random.uniform()) } },
  ),
);

/** Either bound may be absent, a constant or an input with a gradient of its own. */
const clips = fc
  .record({
    dims: shapes,
    bounds: fc.tuple(
      fc.constantFrom('absent', 'constant', 'input'),
      fc.constantFrom('absent', 'constant', 'input'),
    ),
  })
  .map(({ dims, bounds }): TestFunction => {
    const limits = [-0.75, 0.75];
    const inputs = bounds.flatMap((bound, i) =>
      bound === 'input' ? [[`bound${i}`, { dims: [], sample: () => limits[i]! }] as const] : [],
    );
    return {
      name: `Clip with bounds ${bounds.join(', ')}`,
      inputs: {
        x: { dims, sample: samples({ low: -2, high: 2, kinks: limits }) },
        ...Object.fromEntries(inputs),
      },
      build: (builder) => {
        const given = bounds.map((bound, i) => {
          if (bound === 'absent') return '';
          return bound === 'input' ? `bound${i}` : builder.scalar(limits[i]!);
        });
        return builder.add('Clip', ['x', ...given]);
      },
    };
  });

/** Element-wise operators of several inputs. */
export const arithmeticArbitraries: OperatorArbitraries = {
  ...Object.fromEntries(['Add', 'Sub', 'Mul'].map((op) => [op, ofMany(op, 2)])),
  ...Object.fromEntries(['Max', 'Min'].map((op) => [op, ofMany(op, 1, 4)])),
  ...Object.fromEntries(['Sum', 'Mean'].map((op) => [op, ofMany(op, 1, 4, addends)])),
  Div: { functions: divisions },
  Mod: { functions: remainders },
  Pow: { functions: powers, runs: 40 },
  Where: { functions: choices },
  Clip: { functions: clips, runs: 20 },
};
