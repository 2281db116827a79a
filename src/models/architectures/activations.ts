import type { GraphBuilder } from '../../graph/builder.js';

export type ActivationId = 'relu' | 'silu';

/** Elementwise non-linearities: each adds its nodes and returns the activated value. */
export const activations: Readonly<Record<ActivationId, (builder: GraphBuilder, x: string) => string>> = {
  relu: (builder, x) => builder.add('Relu', [x]),
  /** x * sigmoid(x). */
  silu: (builder, x) => builder.add('Mul', [x, builder.add('Sigmoid', [x])]),
};
