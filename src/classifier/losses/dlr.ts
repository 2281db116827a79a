import { PLUGIN_API_VERSION } from '../../plugin/attack.js';
import type { LossPlugin } from '../../plugin/loss.js';
import { margin } from './margin.js';
import { bestOther, largestLogits, logitOf } from './scores.js';

/** Keeps the ratio finite where the leading logits are equal, as in the authors' code. */
export const SMALLEST_SPREAD = 1e-12;

/**
 * Difference of logits ratio, -(z_y - max_{j != y} z_j) / (z_1 - z_3 + 1e-12) with z_1 >= z_2 >= z_3 the largest logits: the
 * margin, whatever the logits' scale. The gradient goes through the denominator too. With two classes there is no third
 * logit, and the loss is the margin.
 *
 * Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML
 * 2020, section 4.
 */
export const dlr: LossPlugin = {
  kind: 'loss',
  metadata: {
    id: 'dlr',
    title: 'Difference of logits ratio',
    summary: 'The margin divided by the spread of the three largest logits (with two classes: the margin).',
    apiVersion: PLUGIN_API_VERSION,
    needsTargets: false,
    minClasses: 3,
  },
  build(builder, values) {
    const { logits, labels, numClasses } = values;
    if (numClasses < 3) return margin.build(builder, values);
    const lead = builder.add('Sub', [bestOther(builder, logits, labels), logitOf(builder, logits, labels)]);
    const [first, , third] = largestLogits(builder, logits, 3);
    const spread = builder.add('Sub', [first!, third!]);
    return builder.add('Div', [lead, builder.add('Add', [spread, builder.scalar(SMALLEST_SPREAD)])]);
  },
};
