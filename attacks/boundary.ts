/**
 * Boundary attack: a random walk along the boundary, from decisions alone. Each proposal moves on the sphere around the
 * example and then a little towards it, and is kept when it still reaches the goal; both step sizes adapt.
 *
 * Brendel, Rauber, Bethge, "Decision-based adversarial attacks: reliable attacks against black-box machine learning
 * models", ICLR 2018, arXiv:1712.04248, algorithm 1.
 *
 * Checked against the optimum on linear models (`test/attacks/decision-based.test.ts`). Step sizes and their adaptation follow
 * the authors' implementation (Foolbox): 0.01 at first, factor 1.5, rates of the last 100 sphere and 30 full proposals.
 * Deviations: starts are blends of the example with noise, brought to the boundary by bisection, and a targeted attack has
 * no others either; a walk that makes little progress makes way for one from another class met, and what is left of
 * `queries` goes to the nearest; under an `lp` threat an example stops inside epsilon. An example without a start is left
 * unsolved; no other notices.
 *
 * Limits: L2 only, and thousands of queries per example; the more input values, the more. Held to 1.25 times the optimum at
 * 10,000 queries on linear models of at most 64 inputs, not beyond. An example none of whose starts reaches the goal, as
 * may be with a target, has no result.
 */
import {
  Closest,
  decisionOracle,
  defineAttack,
  distance,
  inLockstep,
  magnitude,
  minimumNormOf,
  rowOf,
  startsByClass,
  straightBlend,
  toBoundary,
  walkFromEach,
  type Crossing,
  type Decision,
  type Questions,
  type RandomStream,
} from '#plugin';

/** Share of the way to the boundary that the start may be off. */
const START_TOLERANCE = 1e-3;
/** Every how many proposals the point on the sphere is asked about too, to adapt the step sizes. */
const CHECK_EVERY = 10;
/** Steps towards the example below this share of the distance are no progress any more. */
const SMALLEST_STEP = 1e-7;
const ADAPTATION = 1.5;
/** A walk ends when this many proposals leave more than this share of the distance. */
const PATIENCE = 800;
const PROGRESS = 0.95;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'boundary',
    title: 'Boundary attack',
    summary: 'Minimum-norm attack that sees decisions only: a random walk along the decision boundary.',
    paper:
      'Brendel, Rauber, Bethge, "Decision-based adversarial attacks: reliable attacks against black-box machine learning models", ICLR 2018, arXiv:1712.04248',
    version: '1.0.1',
    apiVersion: 1,
    threats: ['minimum', 'lp'],
    norms: ['l2'],
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
        default: 25_000,
        description: 'Queries per example at most',
      },
      sphericalStep: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.01,
        description: 'First step on the sphere, as a share of the distance to the example',
      },
      sourceStep: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.01,
        description: 'First step towards the example, as a share of the distance to it',
      },
      starts: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 50,
        description: 'Noise images to look for starts on the way to, ten queries each',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { queries, starts } = parameters;
    const { bounds } = classifier.input;
    const task = minimumNormOf(threat, batch, bounds);
    const { norm, enough } = task;
    const closest = new Closest(batch);

    await inLockstep({ batch, threat, goal }, batch.keys.map(search), decisionOracle(classifier), {
      context,
      queries,
    });
    return task.proposal(closest);

    function* search(key: number, row: number): Questions<Decision> {
      const clean = rowOf(batch, row);
      const found = yield* startsByClass(clean, {
        norm,
        bounds,
        random: (attempt) => context.random(key, 'start', attempt),
        attempts: starts,
        offer: (point, length) => {
          closest.offer(row, point, length);
          return length <= enough;
        },
      });
      const lengthOf = (point: Float32Array) => distance('l2', point, clean);
      yield* walkFromEach(found, lengthOf, (start, { index, impatient }) =>
        walk(clean, row, start, impatient, context.random(key, 'walk', index)),
      );
    }

    /** Algorithm 1, from one start until it makes no progress any more. */
    function* walk(
      clean: Float32Array,
      row: number,
      start: Crossing,
      impatient: boolean,
      random: RandomStream,
    ): Questions<Decision, Crossing | null> {
      const size = clean.length;
      const crossing = yield* toBoundary(clean, start, straightBlend, START_TOLERANCE);
      const { point } = crossing;
      let { predicted } = crossing;
      const [onSphere, trial] = [new Float32Array(size), new Float32Array(size)];
      const [sphereRate, fullRate] = [new RecentRate(100), new RecentRate(30)];
      let [sphericalStep, sourceStep] = [parameters.sphericalStep, parameters.sourceStep];
      let length = distance('l2', point, clean);
      for (let step = 0, before = Infinity; ; step++) {
        closest.offer(row, point, length);
        if (length === 0 || length <= enough) return null;
        if (step % PATIENCE === 0) {
          if (impatient && length > before * PROGRESS) return { point, predicted };
          before = length;
        }
        if (sourceStep < SMALLEST_STEP) return { point, predicted };
        moveOnSphere(clean, point, length, sphericalStep, random, onSphere);
        clip(onSphere, bounds);
        towards(clean, onSphere, length * (1 - sourceStep), trial);
        clip(trial, bounds);
        const checking = step % CHECK_EVERY === 0;
        if (checking) {
          const [decision] = yield onSphere;
          sphereRate.add(decision!.reached);
        }
        const [decision] = yield trial;
        if (checking) fullRate.add(decision!.reached);
        const nearer = distance('l2', trial, clean);
        if (decision!.reached && nearer < length) {
          point.set(trial);
          predicted = decision!.predicted;
          length = nearer;
        }
        if (!checking) continue;
        const sphereFactor = sphereRate.factor(0.5, 0.2);
        sphericalStep *= sphereFactor;
        sourceStep *= sphereFactor * fullRate.factor(0.25, 0.1);
      }
    }
  },
});

/** Share of successes among the last few trials. */
class RecentRate {
  readonly #trials: boolean[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(success: boolean): void {
    this.#trials.push(success);
    if (this.#trials.length > this.#capacity) this.#trials.shift();
  }

  /** How a step size is to change: grown when more than `high` succeed, shrunk below `low`; then counting starts afresh. */
  factor(high: number, low: number): number {
    if (this.#trials.length < this.#capacity) return 1;
    const rate = this.#trials.filter(Boolean).length / this.#capacity;
    if (rate >= low && rate <= high) return 1;
    this.#trials.length = 0;
    return rate > high ? ADAPTATION : 1 / ADAPTATION;
  }
}

/** Writes to `out` a random neighbour of `point` at the same distance `length` from `clean`. */
function moveOnSphere(
  clean: Float32Array,
  point: Float32Array,
  length: number,
  step: number,
  random: RandomStream,
  out: Float32Array,
): void {
  const noise = random.fillNormal(new Float64Array(point.length));
  let along = 0;
  for (let i = 0; i < noise.length; i++) along += noise[i]! * (point[i]! - clean[i]!);
  along /= length * length;
  for (let i = 0; i < noise.length; i++) noise[i]! -= along * (point[i]! - clean[i]!);
  const scale = (step * length) / Math.max(magnitude('l2', noise), Number.MIN_VALUE);
  const back = 1 / Math.sqrt(1 + step * step);
  for (let i = 0; i < out.length; i++) {
    out[i] = clean[i]! + back * (point[i]! - clean[i]! + scale * noise[i]!);
  }
}

/** Writes to `out` the point at distance `length` from `clean` in the direction of `point`. */
function towards(clean: Float32Array, point: Float32Array, length: number, out: Float32Array): void {
  const now = distance('l2', point, clean);
  straightBlend(clean, point, now > 0 ? length / now : 0, out);
}

function clip(point: Float32Array, [lower, upper]: readonly [number, number]): void {
  for (let i = 0; i < point.length; i++) {
    const value = point[i]!;
    point[i] = value < lower ? lower : value > upper ? upper : value;
  }
}
