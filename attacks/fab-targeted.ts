/**
 * Targeted FAB: FAB towards each of the most likely wrong classes, one gradient per step. Each run aims at one boundary; whatever
 * wrong class comes of it is a success. With a targeted goal, the goal's target alone.
 *
 * Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML
 * 2020, arXiv:2003.01690, section 5.
 *
 * Reference: fra31/auto-attack at a392200, FABAttack_PT with targeted=True. Deviations: those of `fab`.
 *
 * Limits: it follows the model's gradients, and needs them to say where the boundary is: published results on networks with
 * activations that hide it (k-WTA) are poor. Wrong classes beyond `targets` are never aimed at.
 */
import { defineAttack } from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'fab-targeted',
    title: 'FAB-T',
    summary: 'FAB towards each of the most likely wrong classes: the third part of AutoAttack.',
    paper:
      'Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML 2020, arXiv:2003.01690',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, restarts, targets, searchSteps, compat }, { numClasses }) => {
      const runs = restarts * Math.max(Math.min(targets, numClasses - 1), 1);
      const judged = compat === 'autoattack' ? runs * steps : runs;
      return { forward: 2 + judged + (searchSteps && searchSteps + 1), gradient: runs * steps };
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
        description: 'Steps per target',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description:
          'Runs per target; the first from the clean example, later ones from random points near it',
      },
      targets: {
        type: 'integer',
        minimum: 1,
        default: 9,
        description: 'Wrong classes to aim at, those with the largest logits on the clean example first',
      },
      alphaMax: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.1,
        description: 'Largest weight of the pull towards the clean example',
      },
      eta: {
        type: 'number',
        minimum: 1,
        maximum: 10,
        default: 1.05,
        description: 'Length of a step as a multiple of the way to the boundary',
      },
      beta: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.9,
        description: 'Share of the perturbation that is kept when going back from behind the boundary',
      },
      searchSteps: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 3,
        description: 'As for fab',
      },
      compat: {
        type: 'string',
        enum: ['none', 'autoattack'],
        default: 'none',
        description: 'As for fab',
      },
    },
  },

  async run(_classifier, batch, _threat, _goal, parameters, context) {
    return context.runAttack('fab', parameters, batch);
  },
});
