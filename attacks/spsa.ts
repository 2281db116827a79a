/**
 * SPSA: Adam on a gradient estimated from scores, by simultaneous perturbation of all coordinates.
 *
 * Uesato, O'Donoghue, van den Oord, Kohli, "Adversarial risk and the dangers of evaluating against weak attacks", ICML 2018,
 * arXiv:1802.05666, algorithm 1.
 *
 * Checked against closed forms on linear models (`test/attacks/score-based.test.ts`). Deviations: an example leaves at its first
 * iterate that reaches the goal, and 20 steps are the default, where libraries that say 1 take a single step of
 * `learningRate`. As in the paper, the points the gradient is estimated from may lie outside the input bounds.
 *
 * Limits: estimates of a gradient are noisy, and noisier the more input values there are; `steps` times `samples` queries
 * per example are spent on it. It climbs the model's scores: quantised ones have no slope at `delta`.
 */
import {
  Adam,
  antitheticGradient,
  Candidates,
  defineAttack,
  inLockstep,
  regionOf,
  rowOf,
  scoreOracle,
  type Progress,
  type Questions,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'spsa',
    title: 'SPSA',
    summary:
      'Adam on the margin with gradients estimated from scores, for models whose own gradients mislead.',
    paper:
      'Uesato, O\'Donoghue, van den Oord, Kohli, "Adversarial risk and the dangers of evaluating against weak attacks", ICML 2018, arXiv:1802.05666',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'scores',
    stochastic: true,
    cost: ({ steps, samples }) => ({ forward: steps * (2 * Math.ceil(samples / 2) + 1), gradient: 0 }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 20,
        description: 'Steps of Adam; together they move a coordinate by about steps x learningRate',
      },
      samples: {
        type: 'integer',
        minimum: 2,
        maximum: 1_000_000,
        default: 128,
        description: 'Queries per gradient, in opposite pairs',
      },
      delta: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.01,
        description: 'Perturbation of each coordinate in a query, as a fraction of the input range',
      },
      learningRate: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.01,
        description: 'Step of Adam per coordinate, as a fraction of the input range',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, samples, delta, learningRate } = parameters;
    const [lower, upper] = classifier.input.bounds;
    const region = regionOf(threat, batch, classifier.input.bounds);
    const candidates = new Candidates(batch);
    const sampling = {
      law: 'rademacher',
      pairs: Math.ceil(samples / 2),
      radius: delta * (upper - lower),
    } as const;

    await inLockstep({ batch, threat, goal }, batch.keys.map(ascend), scoreOracle(classifier), {
      context,
      queries: steps * (2 * sampling.pairs + 1),
    });
    return { kind: 'examples', data: candidates.data };

    function* ascend(key: number, row: number): Questions<Progress> {
      const iterate = rowOf(batch, row).slice();
      const adam = new Adam(iterate.length);
      for (let step = 0; step < steps; step++) {
        const random = context.random(key, 'directions', 0, step);
        const gradient = yield* antitheticGradient(iterate, random, sampling);
        adam.step(gradient, iterate, learningRate * (upper - lower));
        region.project(row, iterate);
        const [progress] = yield iterate;
        candidates.offer(row, iterate, progress!);
        if (progress!.reached || Number.isNaN(progress!.margin)) return;
      }
    }
  },
});
