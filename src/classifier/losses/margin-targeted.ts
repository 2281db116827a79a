import { int } from '../../graph/builder.js';
import { PLUGIN_API_VERSION } from '../../plugin/attack.js';
import type { LossPlugin } from '../../plugin/loss.js';
import { GauntletError } from '../../errors.js';

/** Margin between two classes: z_t - z_y, positive when the target beats the label. */
export const marginTargeted: LossPlugin = {
  kind: 'loss',
  metadata: {
    id: 'margin-targeted',
    title: 'Targeted margin',
    summary: 'Logit of the target minus the logit of the label.',
    apiVersion: PLUGIN_API_VERSION,
    needsTargets: true,
  },
  build(builder, { logits, labels, targets }) {
    if (targets === null) throw new GauntletError('INTERNAL', 'margin-targeted was built without targets');
    const direction = builder.add('Sub', [targets, labels]);
    const difference = builder.add('Mul', [logits, direction]);
    return builder.add('ReduceSum', [difference, builder.ints([1])], { keepdims: int(0) });
  },
};
