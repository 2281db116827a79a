import { int, ints } from '../../graph/builder.js';
import { PLUGIN_API_VERSION } from '../../plugin/attack.js';
import type { LossPlugin } from '../../plugin/loss.js';

/** Far below any logit, and far from overflowing float32. */
const FAR_BELOW = -1e30;

/** Margin of the best wrong class: max_{j != y} z_j - z_y, positive exactly when another class wins. */
export const margin: LossPlugin = {
  kind: 'loss',
  metadata: {
    id: 'margin',
    title: 'Margin',
    summary: 'Best wrong logit minus the logit of the label; positive when misclassified.',
    apiVersion: PLUGIN_API_VERSION,
    needsTargets: false,
  },
  build(builder, { logits, labels }) {
    // For j != y this adds an exact zero, so the other logits pass unrounded.
    const others = builder.add('Add', [logits, builder.add('Mul', [labels, builder.scalar(FAR_BELOW)])]);
    const bestOther = builder.add('ReduceMax', [others], { axes: ints([1]), keepdims: int(0) });
    const ofLabel = builder.add('ReduceSum', [builder.add('Mul', [logits, labels]), builder.ints([1])], {
      keepdims: int(0),
    });
    return builder.add('Sub', [bestOther, ofLabel]);
  },
};
