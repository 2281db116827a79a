/**
 * Auto-PGD: projected gradient steps with momentum whose step size halves by itself, going back to the best iterate, where
 * the loss stops rising. In L1 the steps are sparse, as sparse as the best iterate's perturbation suggests.
 *
 * Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML
 * 2020, arXiv:2003.01690, algorithm 1. Croce, Hein, "Mind the box: l1-APGD for sparse adversarial attacks on image
 * classifiers", ICML 2021, arXiv:2103.01208, algorithm 1.
 *
 * Reference: fra31/auto-attack at a392200. Deviations: draws are keyed by example, fooled examples leave at once, the last
 * iterate is judged by a forward pass, and in a box the start is uniform. The reference compares the loss after the first
 * step with zero rather than with the loss at the start; `compat: autoattack` does so too.
 *
 * Limits: it follows the model's gradients, so a model that masks them looks robust to it. `ce` saturates with the softmax,
 * `dlr` needs three classes (with two, the margin takes its place).
 */
import {
  allFinite,
  Candidates,
  defineAttack,
  distance,
  exampleSize,
  magnitude,
  objectiveOf,
  progressOf,
  projections,
  regionOf,
  restrictProblem,
  rowOf,
  sliceRow,
  wrongClassesByScore,
  type Batch,
  type ConvexNorm,
  type Objective,
  type Problem,
  type Progress,
  type RandomStream,
  type Region,
  type Threat,
} from '#plugin';

/** One example on its way. Gradients are directions of ascent of what the attack raises. */
interface Climb {
  /** Row in the batch the attack was given. */
  readonly row: number;
  x: Float32Array;
  previous: Float32Array;
  gradient: Float32Array;
  best: Float32Array;
  bestGradient: Float32Array;
  bestLoss: number;
  lastLoss: number;
  /** Fraction of the radius. */
  stepSize: number;
  /** Steps since the last checkpoint that raised the loss. */
  rises: number;
  /** Whether the last checkpoint halved the step size, and the best loss it saw. */
  halved: boolean;
  checkpointLoss: number;
  /** L1: share of the coordinates that a step moves. */
  density: number;
  /** L1: coordinates in which the best iterate differed from the clean example at the last checkpoint. */
  support: number;
}

function climbFrom(row: number, x: Float32Array, stepSize: number, density: number, support: number): Climb {
  const none = new Float32Array(x.length);
  return {
    ...{ row, x, previous: x, gradient: none, best: x, bestGradient: none, stepSize, density, support },
    ...{ bestLoss: -Infinity, lastLoss: -Infinity, checkpointLoss: -Infinity, rises: 0, halved: true },
  };
}

/** So many steps in a set; only the last phase's set is the threat's. */
interface Phase {
  readonly threat: Threat;
  readonly steps: number;
  readonly final: boolean;
}

function phasesOf(threat: Threat, steps: number, shrinking: boolean): Phase[] {
  if (!shrinking || threat.kind !== 'lp') return [{ threat, steps, final: true }];
  const early = Math.floor(0.3 * steps);
  return [
    { threat: { ...threat, epsilon: 3 * threat.epsilon }, steps: early, final: false },
    { threat: { ...threat, epsilon: 2 * threat.epsilon }, steps: early, final: false },
    { threat, steps: steps - 2 * early, final: true },
  ].filter((phase) => phase.steps > 0);
}

/** Steps between checkpoints: 22 % of the steps, then 3 % less each time, but at least 6 %. */
function nextInterval(steps: number, interval: number | null): number {
  const share = (fraction: number): number => Math.max(Math.floor(fraction * steps), 1);
  return interval === null ? share(0.22) : Math.max(interval - share(0.03), share(0.06));
}

/** Weight of the new step; the rest is the momentum of the one before. */
const NEW_STEP = 0.75;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'apgd',
    title: 'APGD',
    summary: 'Projected gradient steps that choose their own step size: the first part of AutoAttack.',
    paper:
      'Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML 2020, arXiv:2003.01690; L1: arXiv:2103.01208',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, restarts, targets }, { numClasses }) => {
      const runs = restarts * Math.max(Math.min(targets, numClasses - 1), 1);
      return { forward: runs + (targets > 0 ? 1 : 0), gradient: runs * steps };
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
        description: 'Gradient steps per run',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description: 'Runs at most; each attacks what the ones before did not fool',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'dlr', 'margin'],
        default: 'ce',
        description:
          'Loss to ascend; with targets its targeted form (ce of the target, dlr-targeted, margin-targeted)',
      },
      targets: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description:
          'Aim at each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success',
      },
      threshold: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.75,
        description:
          'Halve the step size where at most this share of the steps since the last checkpoint raised the loss',
      },
      shrinkingRadii: {
        type: 'boolean',
        default: false,
        description:
          'Begin with 30 % of the steps in 3 epsilon and 30 % in 2 epsilon (lp threats; AutoAttack does so in L1)',
      },
      compat: {
        type: 'string',
        enum: ['none', 'autoattack'],
        default: 'none',
        description: 'autoattack: the first step counts as a rise where the loss after it is positive',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, restarts, loss, threshold, shrinkingRadii, compat } = parameters;
    const size = exampleSize(batch);
    const candidates = new Candidates(batch);
    const sparse = threat.kind === 'lp' && threat.norm === 'l1';
    const problem: Problem = { batch, threat, goal };
    const ranks = goal.kind === 'targeted' ? 0 : Math.min(parameters.targets, classifier.numClasses - 1);
    const aims = ranks > 0 ? await wrongClasses() : null;
    const runs = restarts * Math.max(ranks, 1);

    for (let run = 0; run < runs; run++) {
      const rows = candidates.unsolved;
      if (rows.length === 0) break;
      await climbAll(rows, run);
      context.progress((run + 1) / runs);
    }
    return { kind: 'examples', data: candidates.data };

    async function wrongClasses(): Promise<number[][]> {
      const logits = await classifier.logits(batch);
      return batch.keys.map((_key, row) =>
        wrongClassesByScore(sliceRow(logits, row, classifier.numClasses), batch.labels[row]!),
      );
    }

    /** One run on the given rows: in the threat's set, or in ever smaller balls down to it. */
    async function climbAll(rows: readonly number[], run: number): Promise<void> {
      const phases = phasesOf(threat, steps, shrinkingRadii);
      const stepSize = sparse ? 1 : 2;
      let climbs = rows.map((row) => {
        const start = startOf(phases[0]!.threat, row, context.random(batch.keys[row]!, 'start', run));
        return climbFrom(row, start, stepSize, 0.2, size);
      });
      for (const phase of phases) {
        await climb(climbs, phase, run);
        climbs = climbs.map(({ row, best }) => {
          const support = distance('l0', best, rowOf(batch, row));
          return climbFrom(row, best.slice(), stepSize, support / size / 1.5, support);
        });
      }
    }

    async function climb(climbs: readonly Climb[], phase: Phase, run: number): Promise<void> {
      const region = regionOf(phase.threat, batch, classifier.input.bounds);
      for (const { row, x } of climbs) region.project(row, x);
      let active = climbs;
      let interval = sparse ? Math.max(Math.floor(0.04 * phase.steps), 1) : nextInterval(phase.steps, null);
      let checkpoint = interval;
      for (let step = 0; step < phase.steps && active.length > 0; step++) {
        context.signal.throwIfAborted();
        active = await evaluate(active, phase, run, step);
        if (step === checkpoint) {
          for (const one of active) {
            if (sparse) adaptSparsity(one);
            else adaptStepSize(one, interval);
          }
          if (!sparse) interval = nextInterval(phase.steps, interval);
          checkpoint += interval;
        }
        for (const one of active) {
          if (sparse) sparseStep(one, phase.threat as L1Ball);
          else momentumStep(one, region, step);
        }
      }
      if (phase.final && active.length > 0) await judgeLast(active);
    }

    /** A gradient pass at the iterates, judged by its own logits. Fooled and stuck examples leave. */
    async function evaluate(active: readonly Climb[], phase: Phase, run: number, step: number) {
      const { direction, ...request } = requestOf(active, run);
      const pass = await classifier.lossGradient(iteratesOf(active), request);
      return active.filter((one, position) => {
        const slope = sliceRow(pass.gradient, position, size);
        const { reached, margin } = judge(one, position, pass.logits, phase.final);
        if (Number.isNaN(margin) || !allFinite(slope) || (reached && phase.final)) return false;
        record(one, direction * pass.loss[position]!, slope, direction, step);
        return true;
      });
    }

    async function judgeLast(active: readonly Climb[]): Promise<void> {
      const logits = await classifier.logits(iteratesOf(active));
      active.forEach((one, position) => judge(one, position, logits, true));
    }

    /** Reads an iterate's logits; inside the threat's set it is a candidate. */
    function judge({ row, x }: Climb, position: number, logits: Float32Array, inside: boolean): Progress {
      const scores = sliceRow(logits, position, classifier.numClasses);
      const progress = progressOf(scores, batch.labels[row]!, goal, row);
      if (inside && !Number.isNaN(progress.margin)) candidates.offer(row, x, progress);
      return progress;
    }

    function requestOf(active: readonly Climb[], run: number): Objective & { targets?: Int32Array } {
      const rows = active.map(({ row }) => row);
      if (aims === null) return objectiveOf(restrictProblem(problem, rows), loss);
      const targets = Int32Array.from(rows, (row) => aims[row]![run % ranks]!);
      if (loss === 'ce') return { labels: targets, loss, direction: -1 };
      const labels = Int32Array.from(rows, (row) => batch.labels[row]!);
      return { labels, targets, loss: `${loss}-targeted`, direction: 1 };
    }

    function iteratesOf(active: readonly Climb[]): Batch {
      const data = new Float32Array(active.length * size);
      active.forEach(({ x }, position) => data.set(x, position * size));
      return { shape: batch.shape, data, keys: active.map(({ row }) => batch.keys[row]!) };
    }

    /** Notes loss and gradient at the iterate. Gradients are kept as directions of ascent of what the attack raises. */
    function record(one: Climb, value: number, slope: Float32Array, direction: 1 | -1, step: number): void {
      const gradient = direction === 1 ? slope.slice() : slope.map((component) => -component);
      const first = step === 1 && compat === 'autoattack';
      if (step > 0 && value > (first ? 0 : one.lastLoss)) one.rises++;
      one.lastLoss = value;
      one.gradient = gradient;
      if (step > 0 && !(value > one.bestLoss)) return;
      one.bestLoss = value;
      one.best = one.x.slice();
      one.bestGradient = gradient;
      if (step === 0) one.checkpointLoss = value;
    }

    /** Checkpoint: halve the step size and go back to the best iterate where the loss rises too seldom or no more. */
    function adaptStepSize(one: Climb, interval: number): void {
      const oscillates = one.rises <= threshold * interval;
      const stalls = !one.halved && one.checkpointLoss >= one.bestLoss;
      one.halved = oscillates || stalls;
      one.checkpointLoss = one.bestLoss;
      one.rises = 0;
      if (!one.halved) return;
      one.stepSize /= 2;
      goBack(one);
    }

    /** Checkpoint in L1: as sparse as 2/3 of the best iterate; a large step again where that got sparser. */
    function adaptSparsity(one: Climb): void {
      const support = distance('l0', one.best, rowOf(batch, one.row));
      const sparser = support < 0.95 * one.support;
      one.density = support / size / 1.5;
      one.stepSize = sparser ? 1 : Math.max(one.stepSize / 1.5, 0.1);
      one.support = support;
      if (sparser) goBack(one);
    }

    function goBack(one: Climb): void {
      one.x = one.best.slice();
      one.gradient = one.bestGradient;
    }

    /** x <- P(x + a (P(x + step) - x) + (1 - a) (x - previous)), without momentum in the first step. */
    function momentumStep(one: Climb, region: Region, step: number): void {
      const weight = step === 0 ? 1 : NEW_STEP;
      const moved = one.x.slice();
      region.step(one.row, one.gradient, moved, one.stepSize);
      region.project(one.row, moved);
      for (let i = 0; i < size; i++) {
        const here = one.x[i]!;
        moved[i] = here + weight * (moved[i]! - here) + (1 - weight) * (here - one.previous[i]!);
      }
      region.project(one.row, moved);
      one.previous = one.x;
      one.x = moved;
    }

    /** Along the signs of the largest gradients, as many as the density says, then exactly back onto ball and box. */
    function sparseStep(one: Climb, { epsilon }: L1Ball): void {
      const smallest = largestMagnitude(one.gradient, 1 - one.density);
      const signs = one.gradient.map((slope) => (Math.abs(slope) >= smallest ? Math.sign(slope) : 0));
      const scale = (one.stepSize * epsilon) / (magnitude('l1', signs) + 1e-10);
      const moved = Float64Array.from(one.x, (value, i) => value + scale * signs[i]!);
      projections.l1(moved, rowOf(batch, one.row), epsilon, ...classifier.input.bounds);
      one.x = Float32Array.from(moved);
    }

    /** Linf: a corner's distance away in some coordinate. L2: on the sphere. L1: a projected normal draw. */
    function startOf(set: Threat, row: number, random: RandomStream): Float32Array {
      const region = regionOf(set, batch, classifier.input.bounds);
      if (set.kind !== 'lp') return region.start(row, random);
      const clean = rowOf(batch, row);
      const norm = set.norm as ConvexNorm;
      const noise = new Float64Array(size);
      if (norm === 'linf') random.fillUniform(noise, -1, 1);
      else random.fillNormal(noise);
      const scale = norm === 'l1' ? 1 : set.epsilon / magnitude(norm, noise);
      const start = Float64Array.from(clean, (value, i) => value + scale * noise[i]!);
      region.project(row, start);
      return Float32Array.from(start);
    }
  },
});

type L1Ball = Extract<Threat, { kind: 'lp' }>;

/** The absolute value below which a share of the components lies. */
function largestMagnitude(values: Float32Array, share: number): number {
  const sorted = values.map(Math.abs).sort();
  return sorted[Math.min(Math.max(Math.floor(share * values.length), 0), values.length - 1)]!;
}
