import fc from 'fast-check';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { activation, domains, prelu, type Domain } from '../cases/activation.js';
import { upTo, type OperatorArbitraries, type OperatorArbitrary } from './arbitrary.js';

/** Shapes of one to four axes, the batch first. */
export const shapes = fc.array(upTo(4), { maxLength: 3 }).map((rest): Dimension[] => [BATCH, ...rest]);

/** Hundredths between two numbers. */
const between = (min: number, max: number): fc.Arbitrary<number> =>
  upTo(Math.round(100 * max), Math.round(100 * min)).map((hundredths) => hundredths / 100);

/** An operator with attributes drawn from `attributes`, sampled off the kinks that they make. */
function drawn<T extends Record<string, number>>(
  op: string,
  attributes: { [K in keyof T]: fc.Arbitrary<T[K]> },
  domain: (attributes: T) => Domain,
): OperatorArbitrary {
  const functions = fc
    .record({ dims: shapes, attributes: fc.record(attributes) })
    .map((spec) => activation(op, domain(spec.attributes), { name: `${op} at random`, ...spec }));
  return { functions };
}

const plain = ([op, domain]: [string, Domain]): [string, OperatorArbitrary] => [
  op,
  drawn(op, {}, () => domain),
];

/** A slope per element, channel or tensor: each axis of x is kept or 1 in the slope, and some in front are left out. */
const slopes = shapes.chain((dims) =>
  fc
    .record({
      ones: fc.array(fc.boolean(), { minLength: dims.length, maxLength: dims.length }),
      dropped: upTo(dims.length, 0),
      gentle: fc.boolean(),
    })
    .map(({ ones, dropped, gentle }) => {
      const slope = dims.map((dim, axis) => (ones[axis] === true ? 1 : dim)).slice(dropped);
      return prelu('at random', dims, slope, gentle ? { low: 0.01, high: 0.99 } : { low: -1, high: 2 });
    }),
);

const wide = { low: -3, high: 3 };
const atZero = (): Domain => ({ ...wide, kinks: [0] });

/** Element-wise operators of one input. */
export const activationArbitraries: OperatorArbitraries = {
  ...Object.fromEntries(Object.entries(domains).map(plain)),
  PRelu: { functions: slopes, runs: 30 },
  LeakyRelu: drawn('LeakyRelu', { alpha: between(-0.5, 1.5) }, atZero),
  Elu: drawn('Elu', { alpha: fc.oneof(fc.constant(1), between(0.1, 2)) }, atZero),
  Selu: drawn('Selu', { alpha: between(0.5, 2), gamma: between(0.5, 2) }, atZero),
  Celu: drawn('Celu', { alpha: between(0.3, 2) }, () => wide),
  ThresholdedRelu: drawn('ThresholdedRelu', { alpha: between(-1, 1) }, ({ alpha }) => ({
    ...wide,
    kinks: [alpha],
  })),
  Shrink: drawn('Shrink', { lambd: between(0.1, 1), bias: between(-0.5, 1) }, ({ lambd }) => ({
    ...wide,
    kinks: [-lambd, lambd],
  })),
  HardSigmoid: drawn(
    'HardSigmoid',
    { alpha: between(0.1, 1), beta: between(0.1, 0.9) },
    ({ alpha, beta }) => ({ low: -4, high: 4, kinks: [-beta / alpha, (1 - beta) / alpha] }),
  ),
};
