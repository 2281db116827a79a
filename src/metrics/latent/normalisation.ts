import type { InputSpec } from '../../classifier/classifier.js';
import { GauntletError } from '../../errors.js';
import { elementCount } from '../../tensor/tensor.js';

/** Coordinates x' = (x - mean) / std of an input x in the model's own units. */
export interface Normalisation {
  /** One value per channel, or one for all; `std` above 0. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Mean and standard deviation of every element of an example. */
export interface PerElement {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/**
 * Spreads the values of the channels over an example. A flat input is taken to be channels first.
 * @throws GauntletError PARAMETER_INVALID when there are neither one nor as many values as channels, or a deviation is not
 * positive
 */
export function perElement({ mean, std }: Normalisation, { shape, layout }: InputSpec): PerElement {
  const size = elementCount(shape);
  const spread = (name: string, values: readonly number[]): Float64Array => {
    const channels = values.length;
    const fits = layout === 'flat' ? channels > 0 && size % channels === 0 : channels === shape[AXIS[layout]];
    if (!fits && channels !== 1) {
      throw new GauntletError(
        'PARAMETER_INVALID',
        `the normalisation has ${channels} values of ${name}, the model takes [${shape.join(', ')}] (${layout})`,
      );
    }
    const channelOf = (i: number) => (layout === 'NHWC' ? i % channels : Math.floor(i / (size / channels)));
    return Float64Array.from({ length: size }, (_, i) => values[channelOf(i)]!);
  };
  if (std.some((value) => !(value > 0))) {
    throw new GauntletError(
      'PARAMETER_INVALID',
      `the normalisation needs std above 0, received ${std.join(', ')}`,
    );
  }
  return { mean: spread('mean', mean), std: spread('std', std) };
}

const AXIS = { NCHW: 0, NHWC: 2 } as const;
