/**
 * Gauntlet's own ensemble: what fools most for least first, what finds the rest last.
 */
import { defineComposite } from '#plugin';

export default defineComposite({
  kind: 'composite',
  metadata: {
    id: 'cascade',
    title: 'Cascade',
    summary:
      'Margin, targeted, minimum-norm and gradient-free attacks in turn: the default for robust accuracy.',
    paper: 'none: attacks of the literature, in the order that measurements suggest',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
  },
  parameters: { type: 'object', additionalProperties: false, properties: {} },

  stages: () => [
    { attack: 'apgd', parameters: { loss: 'margin', steps: 20 } },
    { attack: 'apgd-targeted', parameters: {} },
  ],
});
