import fc from 'fast-check';
import { BATCH } from '../../../../src/graph/ir.js';
import {
  batchNormalization,
  instanceNormalization,
  layerNormalization,
  lpNormalization,
  meanVarianceNormalization,
  responseNormalization,
} from '../cases/normalization.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

const sizes = (maxLength: number, minLength = 1) => fc.array(upTo(4, 2), { minLength, maxLength });
/** Of the size of the values' variance or less. */
const epsilon = fc.constantFrom(1e-5, 1e-3, 0.1);

/** Two values standardised are always 1 and -1, of derivative 0: a third makes it a function. */
const atLeastThree = (count: number): boolean => count > 2;
const product = (dims: readonly number[]): number => dims.reduce((total, dim) => total * dim, 1);

const layers = fc
  .record({ dims: sizes(3), place: fc.nat(), fromBack: fc.boolean(), bias: fc.boolean(), epsilon })
  .map(({ dims, place, fromBack, ...rest }) => ({ dims, axis: 1 + (place % dims.length), fromBack, rest }))
  .filter(({ dims, axis }) => atLeastThree(product(dims.slice(axis - 1))))
  .map(({ dims, axis, fromBack, rest }) =>
    layerNormalization({ dims: [BATCH, ...dims], axis: fromBack ? axis - dims.length - 1 : axis, ...rest }),
  );

const instances = fc
  .record({ channels: upTo(3), image: sizes(3), epsilon })
  .filter(({ image }) => atLeastThree(product(image)))
  .map((spec) => instanceNormalization(spec.channels, spec.image, spec.epsilon));

/** Never over the batch, which may be of one. */
const meanVariances = fc
  .record({ dims: sizes(3), chosen: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }) })
  .map(({ dims, chosen }) => ({ dims, axes: dims.flatMap((_, i) => (chosen[i] === true ? [i + 1] : [])) }))
  .filter(({ dims, axes }) => atLeastThree(product(axes.map((axis) => dims[axis - 1]!))))
  .map(({ dims, axes }) => meanVarianceNormalization([BATCH, ...dims], axes));

const norms = fc
  .record({ dims: sizes(3), place: fc.nat(), p: upTo(2) })
  .map(({ dims, place, p }) => lpNormalization([BATCH, ...dims], 1 + (place % dims.length), p));

/** Odd sizes: the engine refuses even ones. */
const responses = fc
  .record({ channels: upTo(6), half: upTo(3, 0), beta: fc.constantFrom(0.5, 0.75, 1, 2) })
  .map(({ channels, half, beta }) =>
    responseNormalization({ channels, size: 2 * half + 1, alpha: 0.8, beta, bias: 1.2 }),
  );

/** Normalizations by the input's own statistics, and by given ones. */
export const normalizationArbitraries: OperatorArbitraries = {
  BatchNormalization: {
    functions: fc
      .record({ dims: sizes(4), epsilon })
      .map((spec) => batchNormalization([BATCH, ...spec.dims], spec.epsilon)),
  },
  LayerNormalization: { functions: layers, runs: 30 },
  InstanceNormalization: { functions: instances },
  MeanVarianceNormalization: { functions: meanVariances },
  LpNormalization: { functions: norms, runs: 20 },
  LRN: { functions: responses, runs: 20 },
};
