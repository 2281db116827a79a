import { PLUGIN_API_VERSION } from '../../plugin/attack.js';
import type { LossPlugin } from '../../plugin/loss.js';
import { bestOther, logitOf } from './scores.js';

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
  build: (builder, { logits, labels }) =>
    builder.add('Sub', [bestOther(builder, logits, labels), logitOf(builder, logits, labels)]),
};
