import { int, ints, type GraphBuilder } from '../graph/builder.js';

export type PenaltyId = 'mean-square' | 'exp' | 'l1' | 'exp-l1';

/** Adds a penalty on the latent output z [batch, P] to the graph; `strength` and the result are scalars. */
type Penalty = (builder: GraphBuilder, z: string, strength: string) => string;

const mean = (builder: GraphBuilder, values: string): string =>
  builder.add('ReduceMean', [values], { axes: ints([0, 1]), keepdims: int(0) });

const meanSquare = (builder: GraphBuilder, z: string): string => mean(builder, builder.add('Mul', [z, z]));

const meanMagnitude = (builder: GraphBuilder, z: string): string => mean(builder, builder.add('Abs', [z]));

const times = (builder: GraphBuilder, strength: string, value: string): string =>
  builder.add('Mul', [strength, value]);

const exponential = (builder: GraphBuilder, value: string): string => builder.add('Exp', [value]);

/**
 * The compression losses of BinEnc (Sbailo and Ghiringhelli, arXiv 2310.08224), added to the cross-entropy; means are over
 * examples and latent units.
 */
export const penalties: Readonly<Record<PenaltyId, Penalty>> = {
  /** Version 3: strength * mean(z^2). */
  'mean-square': (builder, z, strength) => times(builder, strength, meanSquare(builder, z)),
  /** Versions 1 and 2: strength * exp(mean(z^2)). */
  exp: (builder, z, strength) => times(builder, strength, exponential(builder, meanSquare(builder, z))),
  /** strength * mean(|z|). */
  l1: (builder, z, strength) => times(builder, strength, meanMagnitude(builder, z)),
  /** The authors' development code: strength * exp(mean(|z|)). */
  'exp-l1': (builder, z, strength) =>
    times(builder, strength, exponential(builder, meanMagnitude(builder, z))),
};
