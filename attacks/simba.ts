/**
 * SimBA: one coordinate (or cosine wave) at a time, a step back, else a step ahead, kept when it helps.
 *
 * Guo, Gardner, You, Wilson, Weinberger, "Simple black-box adversarial attacks", ICML 2019, arXiv:1905.07121, algorithm 1.
 *
 * Checked against closed forms on linear models (`test/attacks/score-based.test.ts`). Deviations: the margin of the logits is
 * compared instead of the label's probability, which saturates; iterates are projected onto the threat set, which the paper
 * bounds by the number of steps alone; after a pass over all directions without one that helps, the step is halved.
 *
 * Limits: one coordinate or wave at a time: thousands of queries for an image, and what needs many coordinates at once
 * takes long. It climbs the model's scores; a flat one gives it no direction.
 */
import {
  Candidates,
  coordinateBasis,
  cosineBasis,
  defineAttack,
  inLockstep,
  planeGeometry,
  regionOf,
  rowOf,
  scoreOracle,
  type Basis,
  type InputSpec,
  type Progress,
  type Questions,
  type RandomStream,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'simba',
    title: 'SimBA',
    summary: 'Greedy steps along random coordinates or low-frequency waves, with one or two queries each.',
    paper:
      'Guo, Gardner, You, Wilson, Weinberger, "Simple black-box adversarial attacks", ICML 2019, arXiv:1905.07121',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'scores',
    stochastic: true,
    cost: ({ steps }) => ({ forward: 1 + 2 * steps, gradient: 0 }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        default: 2000,
        description: 'Directions to try, each with at most two queries',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.2,
        description: 'Length of a step along a direction, as a fraction of the input range',
      },
      basis: {
        type: 'string',
        enum: ['pixel', 'dct'],
        default: 'pixel',
        description: 'Directions: single values, or waves of the discrete cosine transform (images only)',
      },
      frequencies: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.25,
        description: 'Share of the lowest frequencies along each axis that the dct basis uses',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, stepSize, basis: kind, frequencies } = parameters;
    const [lower, upper] = classifier.input.bounds;
    const region = regionOf(threat, batch, classifier.input.bounds);
    const basis = basisOf(kind, classifier.input, frequencies);
    const candidates = new Candidates(batch);

    await inLockstep({ batch, threat, goal }, batch.keys.map(climb), scoreOracle(classifier), {
      context,
      queries: 1 + 2 * steps,
    });
    return { kind: 'examples', data: candidates.data };

    function* climb(key: number, row: number): Questions<Progress> {
      const iterate = rowOf(batch, row).slice();
      const trial = iterate.slice();
      const [clean] = yield iterate;
      if (settled(row, iterate, clean!)) return;
      let best = clean!.margin;
      let length = stepSize * (upper - lower);
      for (let left = steps, lap = 0; left > 0; lap++) {
        const order = shuffled(basis.count, context.random(key, 'order', lap));
        let helped = false;
        for (let i = 0; i < order.length && left > 0; i++, left--) {
          for (const sign of [-1, 1]) {
            trial.set(iterate);
            basis.add(order[i]!, sign * length, trial);
            region.project(row, trial);
            if (same(trial, iterate)) continue;
            const [progress] = yield trial;
            if (settled(row, trial, progress!)) return;
            if (!(progress!.margin > best)) continue;
            best = progress!.margin;
            iterate.set(trial);
            helped = true;
            break;
          }
        }
        if (!helped) length /= 2;
      }
    }

    /** Whether there is nothing left to do for the example: the goal is reached, or the model gives no finite answer. */
    function settled(row: number, point: Float32Array, progress: Progress): boolean {
      if (Number.isNaN(progress.margin)) return true;
      candidates.offer(row, point, progress);
      return progress.reached;
    }
  },
});

function basisOf(kind: 'pixel' | 'dct', input: InputSpec, frequencies: number): Basis {
  if (kind === 'dct') return cosineBasis(planeGeometry(input), frequencies);
  return coordinateBasis(input.shape.reduce((product, extent) => product * extent, 1));
}

/** The numbers 0 to count - 1 in random order. */
function shuffled(count: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

function same(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
