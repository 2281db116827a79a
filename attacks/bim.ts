/**
 * Basic Iterative Method: small steps along the sign of the gradient from the clean example, each clipped to the threat
 * set. It is `pgd` without a random start, and runs as that.
 *
 * Kurakin, Goodfellow, Bengio, "Adversarial examples in the physical world", ICLR workshop 2017, arXiv:1607.02533.
 *
 * Reference: Foolbox 3.3 LinfBasicIterativeAttack (10 steps of 0.2 epsilon), by way of `pgd`, whose loop was checked.
 * Deviations: those of `pgd` (every iterate is a candidate, fooled examples leave); the paper counts steps of one grey level.
 *
 * Limits: one path, from the clean example, with a fixed step: no restarts, so a gradient that points the wrong way there
 * decides. A large robust accuracy under it says little.
 */
import { defineAttack } from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'bim',
    title: 'BIM',
    summary: 'FGSM in small steps from the clean example: PGD without a random start.',
    paper:
      'Kurakin, Goodfellow, Bengio, "Adversarial examples in the physical world", ICLR workshop 2017, arXiv:1607.02533',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: false,
    cost: ({ steps, loss, zeroGradient }) => ({
      forward: 1,
      gradient: steps * (zeroGradient === 'margin' && loss !== 'margin' ? 2 : 1),
    }),
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 10,
        description: 'Gradient steps',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.2,
        description:
          'Length of a step as a fraction of epsilon (in a box, of the furthest a coordinate can move)',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin', 'dlr'],
        default: 'ce',
        description: 'Loss to ascend',
      },
      zeroGradient: {
        type: 'string',
        enum: ['margin', 'stay'],
        default: 'margin',
        description: 'As for pgd',
      },
    },
  },

  async run(_classifier, batch, _threat, _goal, parameters, context) {
    return context.runAttack('pgd', { ...parameters, randomStart: false }, batch);
  },
});
