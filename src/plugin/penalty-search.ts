import type { Classifier } from '../classifier/classifier.js';
import { exampleSize, rowOf, sliceRow, takeExamples } from '../tensor/batch.js';
import { allFinite } from '../tensor/finite.js';
import { distance, type ConvexNorm } from '../tensor/norms.js';
import { ActiveSet } from './active-set.js';
import { nearestAimsOf } from './aims.js';
import { alongBoundary } from './along-boundary.js';
import type { AttackContext, Proposal } from './attack.js';
import { Closest } from './closest.js';
import { ConstantSearch } from './constant-search.js';
import { minimumNormOf } from './minimum-norm.js';
import { progressOf, type Problem, type Progress } from './problem.js';
import { pullIn } from './pull-in.js';
import { wallsOf } from './walls.js';

/** The parameters that such attacks have in common. */
export interface PenaltyParameters {
  /** Gradient steps per constant. */
  readonly steps: number;
  /** Constants tried per example (and aim). */
  readonly searches: number;
  readonly initialConstant: number;
  readonly abortEarly: boolean;
  /** Classes aimed at in turn, the nearest of the `classes` that are compared first; 0 for none in particular. */
  readonly targets: number;
  readonly classes: number;
  /** Gradient steps at the end that take the closest adversarial along the boundary; none when absent. */
  readonly boundarySteps?: number;
  /** Forward passes of the final search. */
  readonly pullSteps: number;
}

/** The way of one example with one constant. */
export interface Descent {
  /** The distance term of the objective. */
  penalty(point: Float32Array): number;
  /**
   * Moves the point, in place.
   * @param slope gradient of the margin that the goal needs to rise, in raw units.
   * @param weight of the margin that is missing: the constant, or 0 where none is missing.
   * @param step counted from 0.
   */
  step(point: Float32Array, slope: Float32Array, weight: number, step: number): void;
}

export interface PenaltySearch {
  readonly classifier: Classifier;
  readonly problem: Problem;
  readonly context: AttackContext;
  readonly parameters: PenaltyParameters;
  /** Sets out from a clean example. */
  readonly begin: (clean: Float32Array) => Descent;
  /** What is smaller for the better of two adversarials, where that is not the distance. */
  readonly rule?: (point: Float32Array, clean: Float32Array) => number;
}

/** An example gives a constant up when a tenth of its steps gained less than this share of the objective. */
const LEAST_GAIN = 1e-4;
const CHECKS = 10;

/** What becomes of an example with one constant. */
interface Course {
  readonly descent: Descent;
  /** Smallest objective so far, and what that was at the last check. */
  best: number;
  before: number;
  /** Whether the goal was reached since the last check. */
  reaching: boolean;
}

/** Passes that a search spends on an example at most. */
export function penaltyCost(
  { steps, searches, targets, classes, boundarySteps = 0, pullSteps }: PenaltyParameters,
  { numClasses }: { readonly numClasses: number },
): { forward: number; gradient: number } {
  const wrong = numClasses - 1;
  const compares = targets > 0 && wrong > 1;
  return {
    forward: pullSteps + (compares ? 1 : 0),
    gradient:
      steps * searches * Math.max(Math.min(targets, wrong), 1) +
      (compares ? Math.min(classes, wrong) : 0) +
      boundarySteps,
  };
}

/**
 * Minimises a distance plus c times the margin that is missing, with the smallest c that reaches the goal: the frame of the
 * Carlini-Wagner attack and its descendants. A constant counts as reaching the goal when the goal was reached after the last
 * check, a tenth of the steps before the end: early on, first steps overshoot boundaries that the constant does not hold them
 * at. What is closest is taken along the boundary and pulled in at the end.
 */
export async function penaltySearch(search: PenaltySearch): Promise<Proposal> {
  const { classifier, problem, context, parameters, begin } = search;
  const { batch, threat, goal } = problem;
  const { steps, searches, initialConstant, abortEarly, targets, classes } = parameters;
  const size = exampleSize(batch);
  const task = minimumNormOf(threat, batch, classifier.input.bounds);
  const norm = task.norm as ConvexNorm;
  const enough = Math.max(task.enough, 0);
  const rule = threat.kind === 'minimum' ? search.rule : undefined;
  const closest = new Closest(batch);
  const margins = new Float64Array(batch.keys.length);
  const cleanMargins = batch.keys.map(() => NaN);
  const checkEvery = Math.max(Math.floor(steps / CHECKS), 1);
  /** Rows that answer, and for which a closer adversarial is of use. */
  const open = new Set(batch.keys.keys());

  context.signal.throwIfAborted();
  const walls = wallsOf(threat, batch, classifier.input.bounds);
  const aims = await nearestAimsOf(classifier, batch, goal, targets, norm, classes, walls);
  const runs = Math.max(aims.count, 1);
  for (let run = 0; run < runs; run++) {
    const constants = batch.keys.map(() => new ConstantSearch(initialConstant));
    for (let turn = 0; turn < searches && open.size > 0; turn++) {
      await descend(run, constants);
      context.progress((run * searches + turn + 1) / (runs * searches));
    }
  }
  if (rule === undefined) {
    const found = () => [...open].filter((row) => closest.found(row) && !(closest.distances[row]! <= enough));
    await alongBoundary({
      ...{ classifier, problem, rows: found(), closest, norm, wallsAt: walls, enough, judge },
      ...{ steps: parameters.boundarySteps ?? 0, signal: context.signal },
    });
    const { pullSteps } = parameters;
    await pullIn({ rows: found(), closest, margins, cleanMargins, task, steps: pullSteps }, evaluate);
  }
  return task.proposal(closest);

  /** All examples, each with its constant, which then becomes the next one. */
  async function descend(run: number, constants: readonly ConstantSearch[]): Promise<void> {
    const rows = [...open];
    const active = new ActiveSet(problem, rows);
    const courses = new Map<number, Course>();
    for (const row of rows) {
      const descent = begin(rowOf(batch, row));
      courses.set(row, { descent, best: Infinity, before: Infinity, reaching: false });
    }
    for (let step = 0; step < steps && active.rows.length > 0; step++) {
      context.signal.throwIfAborted();
      const { direction, ...request } = aims.objective(active.problem, active.rows, 'margin', run);
      const { logits, gradient } = await classifier.lossGradient(active.iterates, request);
      const leaving = new Set<number>();
      active.rows.forEach((row, position) => {
        const x = active.iterate(position);
        const slope = sliceRow(gradient, position, size);
        const progress = judge(row, x, logits, position);
        if (step === 0) cleanMargins[row] = progress.margin;
        if (Number.isNaN(progress.margin) || !allFinite(slope) || closest.distances[row]! <= enough) {
          open.delete(row);
          leaving.add(position);
          return;
        }
        if (direction < 0) for (let i = 0; i < size; i++) slope[i] = -slope[i]!;
        const course = courses.get(row)!;
        const { constant } = constants[row]!;
        if (goesOn(course, x, progress, constant, step)) {
          course.descent.step(x, slope, progress.reached ? 0 : constant, step);
        } else leaving.add(position);
      });
      active.leave(leaving);
    }
    for (const row of open) constants[row]!.report(courses.get(row)!.reaching);
  }

  /** Books an iterate; whether the example goes on with its constant. */
  function goesOn(
    course: Course,
    x: Float32Array,
    { reached, margin }: Progress,
    constant: number,
    step: number,
  ): boolean {
    if (step > 0 && step % checkEvery === 0) {
      if (abortEarly && !(course.best <= (1 - LEAST_GAIN) * course.before)) return false;
      course.before = course.best;
      course.best = Infinity;
      course.reaching = false;
    }
    if (reached) course.reaching = true;
    const objective = course.descent.penalty(x) + (reached ? 0 : -constant * margin);
    if (step > 0 && objective < course.best) course.best = objective;
    return true;
  }

  /** Reads a point's logits, those at a position, and keeps the point if it is the best that reaches the goal. */
  function judge(row: number, point: Float32Array, logits: Float32Array, position: number): Progress {
    const scores = sliceRow(logits, position, classifier.numClasses);
    const progress = progressOf(scores, batch.labels[row]!, goal, row);
    if (!progress.reached) return progress;
    const clean = rowOf(batch, row);
    if (closest.offer(row, point, rule?.(point, clean) ?? distance(norm, point, clean)))
      margins[row] = progress.margin;
    return progress;
  }

  /** Judges other points of some rows by a forward pass. */
  async function evaluate(rows: readonly number[], points: readonly Float32Array[]): Promise<Progress[]> {
    context.signal.throwIfAborted();
    const part = takeExamples(batch, rows);
    points.forEach((point, position) => part.data.set(point, position * size));
    const logits = await classifier.logits(part);
    return rows.map((row, position) => judge(row, points[position]!, logits, position));
  }
}
