/**
 * Fast Gradient Sign Method: one step of length epsilon along the sign of the gradient of the loss; under L2 along the
 * normalised gradient (then known as FGM).
 *
 * Goodfellow, Shlens, Szegedy, "Explaining and harnessing adversarial examples", ICLR 2015, arXiv:1412.6572.
 *
 * Checked against a plain PyTorch 1.13 loop (FGSM columns of `test/attacks/golden.slow.test.ts`). Deviations: none. In a
 * box the step goes to the corner the sign points at; an example whose gradient is not finite stays clean.
 *
 * Limits: one step, which goes astray where the loss bends within the budget: a weak attack. Where the softmax saturates
 * the cross-entropy has no gradient, and under `loss: ce` the example stays clean.
 */
import { allFinite, defineAttack, objectiveOf, regionOf, sliceRow } from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'fgsm',
    title: 'FGSM',
    summary: 'One gradient step of the full budget: the cheapest attack, and a weak one.',
    paper:
      'Goodfellow, Shlens, Szegedy, "Explaining and harnessing adversarial examples", ICLR 2015, arXiv:1412.6572',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: false,
    cost: () => ({ forward: 0, gradient: 1 }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      loss: {
        type: 'string',
        enum: ['ce', 'margin'],
        default: 'ce',
        description: 'Loss to ascend: cross-entropy or the margin of the best wrong class',
      },
    },
  },
  async run(classifier, batch, threat, goal, parameters, context) {
    context.signal.throwIfAborted();
    const region = regionOf(threat, batch, classifier.input.bounds);
    const { direction, ...request } = objectiveOf({ batch, threat, goal }, parameters.loss);
    const { gradient } = await classifier.lossGradient(batch, request);

    const size = batch.data.length / batch.keys.length;
    const data = batch.data.slice();
    for (let row = 0; row < batch.keys.length; row++) {
      const slope = sliceRow(gradient, row, size);
      if (!allFinite(slope)) continue;
      const example = sliceRow(data, row, size);
      region.step(row, slope, example, direction);
      region.project(row, example);
    }
    return { kind: 'examples', data };
  },
});
