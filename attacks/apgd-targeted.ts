/**
 * Targeted Auto-PGD: APGD on the targeted difference of logits ratio, once for each of the most likely wrong classes. Each
 * run aims at one class; whatever wrong class comes of it is a success. With a targeted goal, the goal's target alone.
 *
 * Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML
 * 2020, arXiv:2003.01690, section 4.1.
 *
 * Reference: fra31/auto-attack at a392200, APGDAttack_targeted. Deviations: those of `apgd`; with fewer than four classes the
 * ratio does not exist and the margin between target and label takes its place.
 *
 * Limits: it follows the model's gradients, so a model that masks them looks robust to it. Wrong classes beyond `targets`
 * are never aimed at. One that is not fooled costs `targets` times the passes of `apgd`.
 */
import { defineAttack } from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'apgd-targeted',
    title: 'APGD-T',
    summary: 'APGD towards each of the most likely wrong classes: the second part of AutoAttack.',
    paper:
      'Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML 2020, arXiv:2003.01690',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, restarts, targets }, { numClasses }) => {
      const runs = restarts * Math.min(targets, numClasses - 1);
      return { forward: runs + 1, gradient: runs * steps };
    },
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
        default: 100,
        description: 'Gradient steps per target',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description: 'Runs per target at most',
      },
      targets: {
        type: 'integer',
        minimum: 1,
        default: 9,
        description: 'Wrong classes to aim at, those with the largest logits on the clean example first',
      },
      loss: {
        type: 'string',
        enum: ['dlr', 'margin', 'ce'],
        default: 'dlr',
        description: 'Loss whose targeted form is followed',
      },
      shrinkingRadii: {
        type: 'boolean',
        default: false,
        description: 'As for apgd',
      },
    },
  },

  async run(_classifier, batch, _threat, _goal, parameters, context) {
    return context.runAttack('apgd', parameters, batch);
  },
});
