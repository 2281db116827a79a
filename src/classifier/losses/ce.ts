import { int } from '../../graph/builder.js';
import { PLUGIN_API_VERSION } from '../../plugin/attack.js';
import type { LossPlugin } from '../../plugin/loss.js';

/** Cross-entropy: -log softmax(z)_y, in nats. */
export const ce: LossPlugin = {
  kind: 'loss',
  metadata: {
    id: 'ce',
    title: 'Cross-entropy',
    summary: 'Negative log-likelihood of the label under the softmax of the logits.',
    apiVersion: PLUGIN_API_VERSION,
    needsTargets: false,
  },
  build(builder, { logits, labels }) {
    const logLikelihoods = builder.add('LogSoftmax', [logits], { axis: int(1) });
    const ofLabel = builder.add('Mul', [logLikelihoods, labels]);
    const logLikelihood = builder.add('ReduceSum', [ofLabel, builder.ints([1])], { keepdims: int(0) });
    return builder.add('Mul', [logLikelihood, builder.scalar(-1)]);
  },
};
