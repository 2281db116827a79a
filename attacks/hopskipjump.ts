/**
 * HopSkipJump: from decisions alone, along the boundary to the nearest point that reaches the goal. The direction of the
 * boundary is estimated from random queries beside it, a step is made along it, and bisection returns to the boundary.
 *
 * Chen, Jordan, Wainwright, "HopSkipJumpAttack: a query-efficient decision-based attack", IEEE S&P 2020, arXiv:1904.02144,
 * algorithms 1 and 2.
 *
 * Checked against the optimum on linear models (`test/attacks/decision-based.test.ts`). Constants are those of the authors' code
 * (theta, radius, evaluations, step). Deviations: the start is a blend of the example with noise, and a targeted attack has
 * no other start either; `queries` bounds the whole search; perturbations are not let below what float32 can represent;
 * under an `lp` threat an example stops inside epsilon. An example without a start is left unsolved; the estimate is
 * normalised for each example alone, where a library divides by the norm over the batch.
 */
import {
  clippedBlend,
  Closest,
  decisionOracle,
  defineAttack,
  distance,
  inLockstep,
  magnitude,
  nearestStart,
  pointsPerRequest,
  regionOf,
  rowOf,
  sliceRow,
  straightBlend,
  toBoundary,
  type Blend,
  type Questions,
  type RandomStream,
} from '#plugin';

/** Steps are halved this often before the boundary point is kept. */
const MOST_HALVINGS = 40;
/** Smallest root mean square of a perturbation, as a fraction of the input range: some float32 steps. */
const SMALLEST_PERTURBATION = 2 ** -20;

/** What differs between the norms: the tolerance theta and radius of algorithm 2 for n inputs, and the directions. */
interface Geometry {
  readonly blend: Blend;
  readonly tolerance: (n: number) => number;
  readonly radius: (n: number, distance: number) => number;
  readonly fill: (random: RandomStream, direction: Float64Array) => void;
  /** Turns the estimated gradient into a step of length 1 in the norm, in place. */
  readonly toStep: (gradient: Float64Array) => void;
}

const GEOMETRY: Readonly<Record<'l2' | 'linf', Geometry>> = {
  l2: {
    blend: straightBlend,
    tolerance: (n) => 1 / (n * Math.sqrt(n)),
    radius: (n, length) => length / n,
    fill: (random, direction) => void random.fillNormal(direction),
    toStep: (gradient) => scale(gradient, 1 / Math.max(magnitude('l2', gradient), Number.MIN_VALUE)),
  },
  linf: {
    blend: clippedBlend,
    tolerance: (n) => 1 / (n * n),
    radius: (n, length) => length / n,
    fill: (random, direction) => void random.fillUniform(direction, -1, 1),
    toStep: (gradient) => {
      for (let i = 0; i < gradient.length; i++) gradient[i] = Math.sign(gradient[i]!);
    },
  },
};

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'hopskipjump',
    title: 'HopSkipJump',
    summary: 'Minimum-norm attack that sees decisions only: estimated boundary directions and bisection.',
    paper:
      'Chen, Jordan, Wainwright, "HopSkipJumpAttack: a query-efficient decision-based attack", IEEE S&P 2020, arXiv:1904.02144',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp'],
    norms: ['l2', 'linf'],
    goals: ['untargeted', 'targeted'],
    access: 'decision',
    stochastic: true,
    cost: ({ queries }) => ({ forward: queries, gradient: 0 }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      queries: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000_000,
        default: 10_000,
        description: 'Queries per example at most',
      },
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 64,
        description: 'Steps along the boundary at most',
      },
      evaluations: {
        type: 'integer',
        minimum: 2,
        maximum: 1_000_000,
        default: 100,
        description: 'Queries for the first estimate of a direction; step t takes sqrt(t) times as many',
      },
      starts: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 100,
        description: 'Noise images among which the nearest start is looked for',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { queries, steps, evaluations, starts } = parameters;
    const { bounds } = classifier.input;
    const [lower, upper] = bounds;
    const norm = 'norm' in threat && threat.norm === 'linf' ? 'linf' : 'l2';
    const geometry = GEOMETRY[norm];
    const near = threat.kind === 'lp' ? threat.epsilon : 0;
    const closest = new Closest(batch);

    await inLockstep({ batch, threat, goal }, batch.keys.map(walk), decisionOracle(classifier), {
      context,
      queries,
    });
    if (threat.kind === 'lp') {
      const region = regionOf(threat, batch, bounds);
      for (const row of closest.beyond(near)) {
        const size = closest.data.length / batch.keys.length;
        region.project(row, sliceRow(closest.data, row, size));
      }
    }
    return { kind: 'examples', data: closest.data };

    function* walk(key: number, row: number): Questions<boolean> {
      const clean = rowOf(batch, row);
      const size = clean.length;
      const start = yield* nearestStart(clean, {
        norm,
        bounds,
        random: (attempt) => context.random(key, 'start', attempt),
        attempts: starts,
      });
      if (start === undefined) return;
      const tolerance = geometry.tolerance(size);
      let point = yield* toBoundary(clean, start, geometry.blend, tolerance);
      for (let step = 1; step <= steps; step++) {
        const length = distance(norm, point, clean);
        closest.offer(row, point, length);
        if (length <= near) return;
        const wanted = step === 1 ? 0.1 * (upper - lower) : geometry.radius(size, length);
        const radius = Math.max(wanted, SMALLEST_PERTURBATION * (upper - lower) * Math.sqrt(size));
        const count = Math.ceil(evaluations * Math.sqrt(step));
        const direction = yield* boundaryDirection(
          point,
          context.random(key, 'directions', 0, step),
          radius,
          count,
        );
        const moved = yield* stride(point, direction, length / Math.sqrt(step));
        point = yield* toBoundary(clean, moved, geometry.blend, tolerance);
      }
      closest.offer(row, point, distance(norm, point, clean));
    }

    /** Section 3.2: the mean of random directions, weighted by which side of the boundary they lead to less the mean side. */
    function* boundaryDirection(
      point: Float32Array,
      random: RandomStream,
      radius: number,
      count: number,
    ): Questions<boolean, Float64Array> {
      const size = point.length;
      const [sum, weighted] = [new Float64Array(size), new Float64Array(size)];
      const direction = new Float64Array(size);
      let balance = 0;
      for (let done = 0; done < count; done += pointsPerRequest(size)) {
        const points = new Float32Array(Math.min(pointsPerRequest(size), count - done) * size);
        for (let at = 0; at < points.length; at += size) {
          geometry.fill(random, direction);
          const share = radius / magnitude('l2', direction);
          for (let i = 0; i < size; i++) {
            const value = point[i]! + share * direction[i]!;
            points[at + i] = value < lower ? lower : value > upper ? upper : value;
          }
        }
        const answers = yield points;
        answers.forEach((reached, k) => {
          const side = reached ? 1 : -1;
          balance += side;
          for (let i = 0, at = k * size; i < size; i++, at++) {
            const moved = points[at]! - point[i]!;
            sum[i]! += moved;
            weighted[i]! += side * moved;
          }
        });
      }
      const mean = balance / count;
      // All on one side: the mean direction, towards the side that reaches the goal.
      const baseline = Math.abs(mean) === 1 ? 0 : mean;
      for (let i = 0; i < size; i++) weighted[i]! -= baseline * sum[i]!;
      geometry.toStep(weighted);
      return weighted;
    }

    /** Geometric progression of step sizes: halved until the point still reaches the goal. */
    function* stride(
      point: Float32Array,
      direction: Float64Array,
      longest: number,
    ): Questions<boolean, Float32Array> {
      const trial = new Float32Array(point.length);
      for (let halving = 0, length = longest; halving < MOST_HALVINGS; halving++, length /= 2) {
        for (let i = 0; i < trial.length; i++) {
          const value = point[i]! + length * direction[i]!;
          trial[i] = value < lower ? lower : value > upper ? upper : value;
        }
        const [reached] = yield trial;
        if (reached === true) return trial;
      }
      return point;
    }
  },
});

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}
