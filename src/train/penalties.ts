import { int, ints, type GraphBuilder } from '../graph/builder.js';

export type PenaltyId = 'mean-square' | 'exp';

/** Adds a penalty on the latent output z [batch, P] to the graph; `strength` and the result are scalars. */
type Penalty = (builder: GraphBuilder, z: string, strength: string) => string;

const meanSquare = (builder: GraphBuilder, z: string): string =>
  builder.add('ReduceMean', [builder.add('Mul', [z, z])], { axes: ints([0, 1]), keepdims: int(0) });

/** The compression losses of BinEnc (Sbailo and Ghiringhelli, arXiv 2310.08224), added to the cross-entropy. */
export const penalties: Readonly<Record<PenaltyId, Penalty>> = {
  /** Version 3: strength * mean(z^2), the mean over examples and latent units. */
  'mean-square': (builder, z, strength) => builder.add('Mul', [strength, meanSquare(builder, z)]),
  /** Versions 1 and 2: strength * exp(mean(z^2)). */
  exp: (builder, z, strength) => builder.add('Mul', [strength, builder.add('Exp', [meanSquare(builder, z)])]),
};
