/**
 * FAB, the fast adaptive boundary attack: steps onto the nearest boundary of the classifier, made linear at the iterate, with
 * a pull towards the clean example; from behind the boundary back towards the clean example.
 *
 * Croce, Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack", ICML 2020,
 * arXiv:1907.02044, algorithm 1; the targeted form is in Croce, Hein, arXiv:2003.01690, section 5.
 *
 * Reference: fra31/auto-attack at a392200, fab_base.py. Deviations: there a forward pass judges each step, and what lies
 * between a point behind the boundary and the point gone back to is never looked at; `compat: autoattack` does so too. Here
 * a step is one gradient pass whose logits judge the iterate, and going back is a step: repeated while the iterate is
 * adversarial, which finds closer ones, in L1 by far, for fewer passes. The paper's final search, which the reference leaves
 * out, is in. Under a budget, an example leaves at its first adversarial within it. A targeted goal is followed by the
 * target's margin over the best other class.
 *
 * Limits: it follows the model's gradients, and needs them to say where the boundary is: published results on networks with
 * activations that hide it (k-WTA) are poor. Without `targets` a step takes a gradient for each of `classes` wrong classes.
 */
import {
  ActiveSet,
  aimsOf,
  allFinite,
  boundaryStep,
  clipToWalls,
  Closest,
  defineAttack,
  distance,
  distanceToBoundary,
  dualNorm,
  exampleSize,
  GauntletError,
  hyperplaneMove,
  magnitude,
  minimumNormOf,
  progressOf,
  pullIn,
  sliceRow,
  takeExamples,
  wallsOf,
  withData,
  wrongClassesByScore,
  type ConvexNorm,
  type LinearBoundary,
  type Norm,
  type Progress,
  type RandomStream,
} from '#plugin';

interface Linearised {
  readonly logits: Float32Array;
  /** Per position; null where there is no way to it. */
  readonly boundaries: readonly (LinearBoundary | null)[];
}

/** Positions of examples that need no more steps, and of those that went back in this one. */
interface Judged {
  readonly leaving: Set<number>;
  readonly behind: ReadonlySet<number>;
}

/** How much further than to the boundary the final search goes. */
const OVERSHOOT = 1e-3;

function convex(norm: Norm): ConvexNorm {
  if (norm !== 'l0') return norm;
  throw new GauntletError('THREAT_UNSUPPORTED', 'there is no projection onto a hyperplane in l0');
}

/** Adds a random direction of the given length: of uniform coordinates in Linf, of normal ones otherwise. */
function addNoise(point: Float32Array, norm: ConvexNorm, length: number, random: RandomStream): void {
  const noise = new Float64Array(point.length);
  if (norm === 'linf') random.fillUniform(noise, -1, 1);
  else random.fillNormal(noise);
  const scale = length / magnitude(norm, noise);
  for (let i = 0; i < point.length; i++) point[i]! += scale * noise[i]!;
}

function boundaryOf(value: number, normal: Float32Array): LinearBoundary | null {
  const usable = Number.isFinite(value) && allFinite(normal) && normal.some((weight) => weight !== 0);
  return usable ? { value, normal } : null;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'fab',
    title: 'FAB',
    summary: 'Steps onto the linearised decision boundary, ever closer to the clean example.',
    paper:
      'Croce, Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack", ICML 2020, arXiv:1907.02044',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, restarts, targets, classes, searchSteps, compat }, { numClasses }) => {
      const runs = restarts * Math.max(Math.min(targets, numClasses - 1), 1);
      const perStep = targets > 0 ? 1 : Math.min(classes, numClasses - 1);
      const judged = compat === 'autoattack' ? runs * steps : runs;
      return {
        forward: (targets > 0 ? 2 : 1) + judged + (searchSteps && searchSteps + 1),
        gradient: runs * steps * perStep,
      };
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
        description: 'Steps per run',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description:
          'Runs (per target); the first from the clean example, later ones from random points near it',
      },
      targets: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description:
          'Go for the boundary to each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success. 0: for the nearest boundary, which takes a gradient per class',
      },
      classes: {
        type: 'integer',
        minimum: 1,
        default: 9,
        description:
          'Without targets: wrong classes whose boundaries a step compares, those with the largest logits first',
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
        description:
          'Forward passes, and one more, of the final search between clean example and closest adversarial; 0 for none',
      },
      compat: {
        type: 'string',
        enum: ['none', 'autoattack'],
        default: 'none',
        description: 'autoattack: judge each iterate by a forward pass, take gradients where the step begins',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, restarts, beta, searchSteps } = parameters;
    const { numClasses, input } = classifier;
    const judgesApart = parameters.compat === 'autoattack';
    const size = exampleSize(batch);
    const width = input.bounds[1] - input.bounds[0];
    const task = minimumNormOf(threat, batch, input.bounds);
    const norm = convex(task.norm);
    const radius = Math.max(task.enough, 0);
    const wallsAt = wallsOf(threat, batch, input.bounds);
    const origins = batch.data.slice();
    batch.keys.forEach((_key, row) => clipToWalls(originOf(row), wallsAt(row)));

    const closest = new Closest(batch);
    /** Margins of the closest adversarials. */
    const margins = new Float64Array(batch.keys.length);
    /** The boundaries that the closest adversarials touch: the points x with normal . x = offset. */
    const tangents = new Map<number, { offset: number; normal: Float32Array }>();
    const atOrigins = await classifier.logits(withData(batch, origins));
    const cleanMargins = batch.keys.map((_key, row) => judge(row, originOf(row), atOrigins, row).margin);
    const ranking = batch.keys.map((_key, row) => wrongClasses(row, atOrigins, row));
    const answered = (row: number): boolean => !Number.isNaN(cleanMargins[row]);

    const aims = await aimsOf(classifier, batch, goal, parameters.targets);
    const turns = Math.max(aims.count, 1);
    const runs = restarts * turns;
    for (let run = 0; run < runs; run++) {
      const active = new ActiveSet({ batch, threat, goal }, closest.beyond(radius).filter(answered));
      if (active.rows.length === 0) break;
      active.rows.forEach((row, position) => {
        active.iterate(position).set(originOf(row));
        if (run >= turns) startElsewhere(active.iterate(position), row, run);
      });
      for (let step = 0; step < steps && active.rows.length > 0; step++) {
        context.signal.throwIfAborted();
        await advance(active, run);
        context.progress((run * steps + step + 1) / (runs * steps));
      }
      if (!judgesApart && active.rows.length > 0) judgeAll(active, await classifier.logits(active.iterates));
    }
    if (searchSteps > 0) await search(closest.beyond(radius).filter((row) => closest.found(row)));
    return task.proposal(closest);

    /** View of the clean example, moved into its box where it is outside. */
    function originOf(row: number): Float32Array {
      return sliceRow(origins, row, size);
    }

    function wrongClasses(row: number, logits: Float32Array, position: number): number[] {
      return wrongClassesByScore(sliceRow(logits, position, numClasses), batch.labels[row]!);
    }

    /** To a random point half as far away as the closest adversarial, or the budget. */
    function startElsewhere(point: Float32Array, row: number, run: number): void {
      const budget = threat.kind === 'lp' ? radius : task.limit(row);
      const reach = Math.min(closest.distances[row]!, budget);
      addNoise(point, norm, reach / 2, context.random(batch.keys[row]!, 'start', run));
      clipToWalls(point, wallsAt(row));
    }

    /** One step of every example. Those within the budget and those that have nowhere to go leave. */
    async function advance(active: ActiveSet, run: number): Promise<void> {
      const aimed = aims.count > 0 || goal.kind === 'targeted';
      const { logits, boundaries } = await (aimed ? lineariseAimed(active, run) : lineariseNearest(active));
      const { leaving, behind }: Judged = judgesApart
        ? { leaving: new Set(), behind: new Set() }
        : judgeAll(active, logits, boundaries);
      active.rows.forEach((row, position) => {
        if (leaving.has(position) || behind.has(position)) return;
        const boundary = boundaries[position] ?? null;
        if (boundary === null) leaving.add(position);
        else boundaryStep(norm, active.iterate(position), originOf(row), boundary, wallsAt(row), parameters);
      });
      active.leave(leaving);
      if (!judgesApart || active.rows.length === 0) return;
      active.leave(judgeAll(active, await classifier.logits(active.iterates)).leaving);
    }

    /** Judges the iterates; those behind the boundary go back towards the clean example. */
    function judgeAll(
      active: ActiveSet,
      logits: Float32Array,
      boundaries: readonly (LinearBoundary | null)[] = [],
    ): Judged {
      const [leaving, behind] = [new Set<number>(), new Set<number>()];
      active.rows.forEach((row, position) => {
        const iterate = active.iterate(position);
        const nearest = closest.distances[row]!;
        const { reached, margin } = judge(row, iterate, logits, position);
        const boundary = boundaries[position] ?? null;
        if (closest.distances[row]! < nearest && boundary !== null) {
          const { value, normal } = boundary;
          tangents.set(row, { offset: dot(normal, iterate) - value, normal: normal.slice() });
        }
        if (Number.isNaN(margin) || closest.distances[row]! <= radius) leaving.add(position);
        else if (reached) {
          behind.add(position);
          const origin = originOf(row);
          for (let i = 0; i < size; i++) iterate[i] = origin[i]! + beta * (iterate[i]! - origin[i]!);
        }
      });
      return { leaving, behind };
    }

    /** Reads a point's logits, those at a position, and keeps the point if it is the closest that reaches the goal. */
    function judge(row: number, point: Float32Array, logits: Float32Array, position: number): Progress {
      const progress = progressOf(sliceRow(logits, position, numClasses), batch.labels[row]!, goal, row);
      if (!progress.reached) return progress;
      if (closest.offer(row, point, distance(norm, point, sliceRow(batch.data, row, size))))
        margins[row] = progress.margin;
      return progress;
    }

    /** The boundary to the class of this run, or to the target: one gradient. */
    async function lineariseAimed(active: ActiveSet, run: number): Promise<Linearised> {
      const request = aims.objective(active.problem, active.rows, 'margin', run);
      const { logits, loss, gradient } = await classifier.lossGradient(active.iterates, request);
      const boundaries = active.rows.map((_row, position) =>
        boundaryOf(loss[position]!, sliceRow(gradient, position, size)),
      );
      return { logits, boundaries };
    }

    /** The nearest of the boundaries to the classes that had the largest logits one step before: a gradient for each. */
    async function lineariseNearest(active: ActiveSet): Promise<Linearised> {
      const { labels } = active.problem.batch;
      const boundaries: (LinearBoundary | null)[] = active.rows.map(() => null);
      const ways = active.rows.map(() => Infinity);
      let logits: Float32Array = new Float32Array();
      for (let rank = 0; rank < Math.min(parameters.classes, numClasses - 1); rank++) {
        const cotangent = new Float32Array(active.rows.length * numClasses);
        active.rows.forEach((row, position) => {
          cotangent[position * numClasses + ranking[row]![rank]!] = 1;
          cotangent[position * numClasses + labels[position]!] = -1;
        });
        const pass = await classifier.vjp(active.iterates, cotangent);
        ({ logits } = pass);
        active.rows.forEach((row, position) => {
          const scores = sliceRow(logits, position, numClasses);
          const value = scores[ranking[row]![rank]!]! - scores[labels[position]!]!;
          const boundary = boundaryOf(value, sliceRow(pass.gradient, position, size));
          if (boundary === null) return;
          const within = distanceToBoundary(norm, active.iterate(position), boundary, wallsAt(row));
          // Those the box does not reach come after all others, in the order of their distances without it.
          const without = size * width + Math.abs(value) / magnitude(dualNorm[norm], boundary.normal);
          const way = within < Infinity ? within : without;
          if (!(way < ways[position]!)) return;
          ways[position] = way;
          boundaries[position] = boundary;
        });
      }
      active.rows.forEach((row, position) => (ranking[row] = wrongClasses(row, logits, position)));
      return { logits, boundaries };
    }

    /** Final search: the shortest way to the boundary as it is at the closest adversarial, then what is closest pulled in. */
    async function search(found: readonly number[]): Promise<void> {
      const touching = found.filter((row) => tangents.has(row));
      if (touching.length > 0) await evaluate(touching, touching.map(shortestWay));
      const rows = found.filter((row) => !(closest.distances[row]! <= radius));
      await pullIn({ rows, closest, margins, cleanMargins, task, steps: searchSteps }, evaluate);
    }

    /** A little beyond the nearest point to the clean example of the boundary that the closest adversarial touches. */
    function shortestWay(row: number): Float32Array {
      const { offset, normal } = tangents.get(row)!;
      const { lower, upper } = wallsAt(row);
      const origin = originOf(row);
      const move = new Float64Array(size);
      hyperplaneMove[norm](origin, normal, offset - dot(normal, origin), lower, upper, move);
      const point = origin.map((value, i) => value + (1 + OVERSHOOT) * move[i]!);
      clipToWalls(point, { lower, upper });
      return point;
    }

    /** Judges other points of some rows by a forward pass. */
    async function evaluate(rows: readonly number[], points: readonly Float32Array[]): Promise<Progress[]> {
      context.signal.throwIfAborted();
      const part = takeExamples(batch, rows);
      points.forEach((point, position) => part.data.set(point, position * size));
      const logits = await classifier.logits(part);
      return rows.map((row, position) => judge(row, points[position]!, logits, position));
    }
  },
});
