/**
 * Fast FGSM, also FGSM-RS: a uniform random start, then one gradient step longer than epsilon, projected.
 *
 * Wong, Rice, Kolter, "Fast is better than free: revisiting adversarial training", ICLR 2020, arXiv:2001.03994,
 * algorithm 3: delta uniform in the ball, step alpha = 1.25 epsilon, clip.
 *
 * Checked against the paper's three lines in `test/attacks/ffgsm.test.ts`. Deviations: the start is clipped to the input
 * bounds before the gradient is taken, as in the authors' code; an example whose gradient is not finite stays at its start.
 *
 * Limits: Linf only. One step: made for training, where it must be cheap; as a measurement it is weak.
 */
import { allFinite, defineAttack, objectiveOf, regionOf, sliceRow, withData } from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'ffgsm',
    title: 'FFGSM',
    summary: 'A uniform random start and one long gradient step: the attack of fast adversarial training.',
    paper:
      'Wong, Rice, Kolter, "Fast is better than free: revisiting adversarial training", ICLR 2020, arXiv:2001.03994',
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
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 1.25,
        description: 'Length of the step as a fraction of epsilon; at 2 the start is forgotten',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin', 'dlr'],
        default: 'ce',
        description: 'Loss to ascend',
      },
    },
  },
  async run(classifier, batch, threat, goal, { stepSize, loss }, context) {
    context.signal.throwIfAborted();
    const region = regionOf(threat, batch, classifier.input.bounds);
    const size = batch.data.length / batch.keys.length;
    const data = new Float32Array(batch.data.length);
    batch.keys.forEach((key, row) => data.set(region.start(row, context.random(key, 'start')), row * size));

    const { direction, ...request } = objectiveOf({ batch, threat, goal }, loss);
    const { gradient } = await classifier.lossGradient(withData(batch, data), request);
    for (let row = 0; row < batch.keys.length; row++) {
      const slope = sliceRow(gradient, row, size);
      if (!allFinite(slope)) continue;
      const example = sliceRow(data, row, size);
      region.step(row, slope, example, direction * stepSize);
      region.project(row, example);
    }
    return { kind: 'examples', data };
  },
});
