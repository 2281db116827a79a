import { GauntletError } from '../../errors.js';
import { PLUGIN_API_VERSION } from '../../plugin/attack.js';
import type { LossPlugin } from '../../plugin/loss.js';
import { SMALLEST_SPREAD } from './dlr.js';
import { marginTargeted } from './margin-targeted.js';
import { largestLogits, logitOf } from './scores.js';

/**
 * Targeted difference of logits ratio, -(z_y - z_t) / (z_1 - (z_3 + z_4) / 2 + 1e-12) with z_1 >= z_2 >= ... the largest
 * logits. With fewer than four classes the denominator does not exist, and the loss is the targeted margin z_t - z_y.
 *
 * Croce, Hein, ICML 2020, section 4.1 (see dlr).
 */
export const dlrTargeted: LossPlugin = {
  kind: 'loss',
  metadata: {
    id: 'dlr-targeted',
    title: 'Targeted difference of logits ratio',
    summary:
      'Target minus label, divided by the spread of the largest logits (under four classes: the margin).',
    apiVersion: PLUGIN_API_VERSION,
    needsTargets: true,
    minClasses: 4,
  },
  build(builder, values) {
    const { logits, labels, targets, numClasses } = values;
    if (targets === null) throw new GauntletError('INTERNAL', 'dlr-targeted was built without targets');
    if (numClasses < 4) return marginTargeted.build(builder, values);
    const lead = builder.add('Sub', [logitOf(builder, logits, targets), logitOf(builder, logits, labels)]);
    const [first, , third, fourth] = largestLogits(builder, logits, 4);
    const middle = builder.add('Mul', [builder.add('Add', [third!, fourth!]), builder.scalar(0.5)]);
    const spread = builder.add('Sub', [first!, middle]);
    return builder.add('Div', [lead, builder.add('Add', [spread, builder.scalar(SMALLEST_SPREAD)])]);
  },
};
