/**
 * R+FGSM: a random step of half the budget to a corner, then one gradient step with the rest.
 *
 * Tramer, Kurakin, Papernot, Goodfellow, Boneh, McDaniel, "Ensemble adversarial training: attacks and defenses", ICLR 2018,
 * arXiv:1705.07204, section 3.4: x' = x + alpha sign(N(0, I)), then x' + (epsilon - alpha) sign(gradient at x').
 *
 * Checked against the paper's two lines in `test/attacks/rfgsm.test.ts`. Deviations: none from the paper (alpha = epsilon / 2);
 * torchattacks' attack of this name repeats the second step, which is another attack. An example whose gradient is not finite
 * stays where the random step led.
 *
 * Limits: Linf only. One gradient step, with part of the budget spent on a random one: a weak attack.
 */
import { allFinite, defineAttack, objectiveOf, regionOf, sliceRow, withData } from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'rfgsm',
    title: 'R+FGSM',
    summary:
      'A random step, then one gradient step: sees past gradients that are masked at the clean example.',
    paper:
      'Tramer, Kurakin, Papernot, Goodfellow, Boneh, McDaniel, "Ensemble adversarial training: attacks and defenses", ICLR 2018, arXiv:1705.07204',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: () => ({ forward: 0, gradient: 1 }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      randomShare: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.5,
        description: 'Share of the budget that the random step takes (alpha over epsilon)',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin', 'dlr'],
        default: 'ce',
        description: 'Loss to ascend',
      },
    },
  },
  async run(classifier, batch, threat, goal, { randomShare, loss }, context) {
    context.signal.throwIfAborted();
    const region = regionOf(threat, batch, classifier.input.bounds);
    const size = batch.data.length / batch.keys.length;
    const data = batch.data.slice();
    batch.keys.forEach((key, row) => {
      const signs = context.random(key, 'start').fillNormal(new Float64Array(size));
      const example = sliceRow(data, row, size);
      region.step(row, signs, example, randomShare);
      region.project(row, example);
    });

    const { direction, ...request } = objectiveOf({ batch, threat, goal }, loss);
    const { gradient } = await classifier.lossGradient(withData(batch, data), request);
    for (let row = 0; row < batch.keys.length; row++) {
      const slope = sliceRow(gradient, row, size);
      if (!allFinite(slope)) continue;
      const example = sliceRow(data, row, size);
      region.step(row, slope, example, direction * (1 - randomShare));
      region.project(row, example);
    }
    return { kind: 'examples', data };
  },
});
