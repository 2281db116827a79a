/**
 * NES: projected gradient steps with gradients estimated from scores by natural evolution strategies.
 *
 * Ilyas, Engstrom, Athalye, Lin, "Black-box adversarial attacks with limited queries and information", ICML 2018,
 * arXiv:1804.08598, section 2.2 and algorithm 1; momentum as in the authors' code.
 *
 * Checked against closed forms on linear models (`test/attacks/score-based.test.ts`). Deviations: the loss is the margin, which
 * does not saturate, instead of the target's probability; no annealing of the step; the step is a fraction of epsilon; L2
 * beside Linf. As in the paper, the points the gradient is estimated from may lie outside the input bounds.
 *
 * Limits: estimates of a gradient are noisy, and noisier the more input values there are; `steps` times `samples` queries
 * per example are spent on it. It climbs the model's scores: quantised ones have no slope at `sigma`.
 */
import {
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
    id: 'nes',
    title: 'NES',
    summary: 'Projected steps with gradients estimated from scores along random normal directions.',
    paper:
      'Ilyas, Engstrom, Athalye, Lin, "Black-box adversarial attacks with limited queries and information", ICML 2018, arXiv:1804.08598',
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
      steps: { type: 'integer', minimum: 1, maximum: 100_000, default: 50, description: 'Projected steps' },
      samples: {
        type: 'integer',
        minimum: 2,
        maximum: 1_000_000,
        default: 50,
        description: 'Queries per gradient, in opposite pairs',
      },
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.001,
        description: 'Standard deviation of a query around the iterate, as a fraction of the input range',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.1,
        description:
          'Length of a step as a fraction of epsilon (in a box, of the furthest a coordinate can move)',
      },
      momentum: {
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
        description: 'Share of the former gradients in the direction of a step',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, samples, sigma, stepSize, momentum } = parameters;
    const [lower, upper] = classifier.input.bounds;
    const region = regionOf(threat, batch, classifier.input.bounds);
    const candidates = new Candidates(batch);
    const sampling = {
      law: 'normal',
      pairs: Math.ceil(samples / 2),
      radius: sigma * (upper - lower),
    } as const;

    await inLockstep({ batch, threat, goal }, batch.keys.map(ascend), scoreOracle(classifier), {
      context,
      queries: steps * (2 * sampling.pairs + 1),
    });
    return { kind: 'examples', data: candidates.data };

    function* ascend(key: number, row: number): Questions<Progress> {
      const iterate = rowOf(batch, row).slice();
      const direction = new Float64Array(iterate.length);
      for (let step = 0; step < steps; step++) {
        const random = context.random(key, 'directions', 0, step);
        const gradient = yield* antitheticGradient(iterate, random, sampling);
        for (let i = 0; i < direction.length; i++) {
          direction[i] = momentum * direction[i]! + (1 - momentum) * gradient[i]!;
        }
        region.step(row, direction, iterate, stepSize);
        region.project(row, iterate);
        const [progress] = yield iterate;
        candidates.offer(row, iterate, progress!);
        if (progress!.reached || Number.isNaN(progress!.margin)) return;
      }
    }
  },
});
