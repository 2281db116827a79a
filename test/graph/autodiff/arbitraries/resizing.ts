import fc from 'fast-check';
import { float, int, string } from '../../../../src/graph/builder.js';
import { NEAREST_MODES, resizing, TRANSFORMATIONS } from '../cases/resizing.js';
import type { OperatorArbitraries } from './arbitrary.js';

/**
 * Scales whose reciprocals are exact, so that float32 and float64 find the same neighbours even where a coordinate lies
 * half-way between two.
 */
const SCALES = [0.25, 0.5, 1, 2, 4];

/** Two spatial axes in every mode; one or three where it is not cubic. By scales, or to sizes that such scales give. */
const resized = fc
  .record({
    mode: fc.constantFrom('nearest', 'linear', 'cubic'),
    transformation: fc.constantFrom(...TRANSFORMATIONS.filter((name) => !name.startsWith('tf_'))),
    nearest: fc.constantFrom(...NEAREST_MODES),
    axes: fc.array(fc.tuple(fc.constantFrom(4, 8), fc.constantFrom(...SCALES)), {
      minLength: 1,
      maxLength: 3,
    }),
    channels: fc.constantFrom(1, 2),
    bySizes: fc.boolean(),
    coefficient: fc.constantFrom(-0.5, -0.75),
    excludeOutside: fc.constantFrom(0, 1),
  })
  .map(({ mode, transformation, nearest, axes, channels, bySizes, coefficient, excludeOutside }) => {
    const spatial = mode === 'cubic' ? [axes[0]!, axes.at(-1)!] : axes;
    const small = spatial.map(
      ([size, scale], i) => [spatial.length === 3 || i > 1 ? 4 : size, scale] as const,
    );
    const to = bySizes
      ? { sizes: [channels, ...small.map(([size, scale]) => size * scale)] }
      : { scales: [1, ...small.map(([, scale]) => scale)] };
    return resizing({
      name: `${mode}, ${transformation}, ${nearest}, of ${small.map(([size]) => size).join(', ')} to ${JSON.stringify(to)}`,
      dims: [channels, ...small.map(([size]) => size)],
      to,
      attributes: {
        mode: string(mode),
        coordinate_transformation_mode: string(transformation),
        nearest_mode: string(nearest),
        ...(mode === 'cubic'
          ? { cubic_coeff_a: float(coefficient), exclude_outside: int(excludeOutside) }
          : {}),
      },
    });
  });

/** Operators that interpolate between elements. */
export const resizingArbitraries: OperatorArbitraries = { Resize: { functions: resized, runs: 80 } };
