import { int, ints, type GraphBuilder } from '../../src/graph/builder.js';
import type { Graph } from '../../src/graph/ir.js';
import { behind, followedBy } from '../fixtures/graph-ends.js';

/**
 * Ways to hide the gradients of a classifier of images in [0, 1] that leave what it says of an image, and so how robust it is, as
 * they were (but for the noise, nearly).
 */
export const MASKS = {
  /** Defensive distillation as attacks see it: the softmax saturates, and the cross-entropy with it. */
  'logits a thousand times as large': (graph) =>
    followedBy(graph, (b, logits) => b.add('Mul', [logits, b.scalar(1000)])),
  /** Digits have 256 grey levels already; the derivative is zero. */
  'an input rounded to 256 levels': (graph) =>
    behind(graph, (b, x) => {
      const levels = b.scalar(255);
      return b.add('Div', [b.add('Round', [b.add('Mul', [x, levels])]), levels]);
    }),
  'a layer of Gaussian noise': (graph) =>
    behind(graph, (b, x) => {
      const noise = b.add('Mul', [b.add('RandomNormalLike', [x]), b.scalar(0.03)]);
      return b.add('Add', [x, noise]);
    }),
  /** How far each logit is below the largest, from 0 down to -1: in float32 most are -1. */
  'a head that saturates': (graph) =>
    followedBy(graph, (b, logits) => b.add('Tanh', [b.add('Sub', [logits, largest(b, logits)])])),
} as const satisfies Record<string, (graph: Graph) => Graph>;

function largest(b: GraphBuilder, logits: string): string {
  return b.add('ReduceMax', [logits], { axes: ints([1]), keepdims: int(1) });
}
