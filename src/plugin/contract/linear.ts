import { argmax } from '../../classifier/classifier.js';
import { judge, type Judgement } from '../../evaluate/judge.js';
import { keyedStream } from '../../random/keyed.js';
import { rowOf, sliceRow, withData } from '../../tensor/batch.js';
import { clamp } from '../../tensor/clamp.js';
import { randomStart } from '../../tensor/start.js';
import { boxOf, regionOf } from '../region.js';
import type { Problem } from '../problem.js';
import { expect, type Check, type Subject } from './checks.js';
import { linearProblem, lowestLead, smallestDistance, type LinearProblem } from './closed-form.js';
import { randomLinear } from './classifiers.js';
import { examplesFor, INPUT, problemIn, runAttack, SEED } from './situation.js';

/**
 * Rules on linear models, where the truth has a closed form. They hold an attack to what its metadata claim: `exact` finds
 * every example that can be fooled, `bound` does no worse than uniform noise.
 */
const EXAMPLES = Array.from({ length: 40 }, (_, i) => 200 + i);
/** Rounding of float32 logits. */
const LEAD_TOLERANCE = 1e-4;
/** `exact` attacks under the norms that are solved by iteration must find what can be fooled at this share of the budget. */
const SHARE = { linf: 1, l2: 0.95, l1: 0.95, l0: 1 } as const;
/** Excess over the smallest distance allowed to a minimum-norm attack that is `exact`. */
const DISTANCE_EXCESS = 1.05;
/** A target whose logit can lead by this much (nats) is reached by whoever minimises the cross-entropy. */
const CLEAR_LEAD = 1;
/** Reaching one class of several takes larger budgets than leaving one. */
const TARGETED_SCALE = 4;

const solvable = ({ situation }: Subject): boolean => ['lp', 'box', 'minimum'].includes(situation.threat);
const claims =
  (claim: 'exact' | 'bound') =>
  (subject: Subject): boolean =>
    solvable(subject) && subject.attack.metadata.linear === claim;

export const LINEAR_CHECKS: readonly Check[] = [
  {
    name: 'finds on a linear model every example that can be fooled',
    appliesTo: claims('exact'),
    run: async (subject) => {
      const { problem, classifier } = await linearSetting(subject, 2);
      const judgements = await judged(subject, problem, classifier);
      const truths = problem.batch.keys.map((_key, row) =>
        linearTruth(problem, row, classifier.layer.weights),
      );
      const foolable = truths.filter((truth) => canBeFooled(problem, truth)).length;
      expect(foolable > 5, 'too few examples of the check can be fooled');
      truths.forEach((truth, row) => {
        if (!canBeFooled(problem, truth)) return;
        const { outcome, distance: reached } = judgements[row]!;
        expect(outcome === 'fooled', `example ${problem.batch.keys[row]!} can be fooled and was not`);
        if (problem.threat.kind !== 'minimum') return;
        const smallest = smallestDistance(problem.threat.norm, truth);
        expect(
          reached <= smallest * DISTANCE_EXCESS,
          `example ${problem.batch.keys[row]!} was fooled at ${reached}; ${smallest} is enough`,
        );
      });
    },
  },
  {
    name: 'fools on a linear model as many examples as uniform noise does',
    appliesTo: (subject) => claims('bound')(subject) && subject.situation.threat !== 'minimum',
    run: async (subject) => {
      const { problem, classifier } = await linearSetting(subject, 2);
      const byAttack = countFooled(await judged(subject, problem, classifier));
      const byNoise = countFooled(await judgedNoise(problem, classifier));
      expect(byAttack >= byNoise, `it fooled ${byAttack} of ${EXAMPLES.length}, noise ${byNoise}`);
    },
  },
  {
    name: 'reaches the target on a linear model of three classes',
    appliesTo: (subject) => claims('exact')(subject) && subject.situation.goal === 'targeted',
    run: async (subject) => {
      const { problem, classifier } = await linearSetting(subject, 3, TARGETED_SCALE);
      const judgements = await judged(subject, problem, classifier);
      const reachable = await clearlyReachable(problem, classifier);
      expect(reachable.length > 2, 'too few targets of the check can be reached');
      for (const row of reachable) {
        const { outcome } = judgements[row]!;
        expect(
          outcome === 'fooled',
          `example ${problem.batch.keys[row]!} can be given its target and was not`,
        );
      }
    },
  },
];

type Linear = ReturnType<typeof randomLinear>;

async function linearSetting(
  subject: Subject,
  numClasses: number,
  scale = 1,
): Promise<{ problem: Problem; classifier: Linear }> {
  const classifier = randomLinear(SEED + numClasses, INPUT, numClasses);
  const batch = await examplesFor(classifier, EXAMPLES);
  return { problem: problemIn(subject.situation, batch, numClasses, scale), classifier };
}

async function judged(subject: Subject, problem: Problem, classifier: Linear): Promise<readonly Judgement[]> {
  const { attack, parameters } = subject;
  const { proposal } = await runAttack(attack, problem, { classifier, parameters });
  return (await judge(classifier, problem.batch, problem.threat, problem.goal, proposal)).judgements;
}

async function judgedNoise(problem: Problem, classifier: Linear): Promise<readonly Judgement[]> {
  const { batch, threat, goal } = problem;
  const data = batch.data.slice();
  batch.keys.forEach((key, row) => {
    const random = keyedStream(SEED, key, 'contract/noise');
    const sparse = threat.kind === 'lp' && threat.norm === 'l0';
    const noise = sparse
      ? randomStart('l0', random, rowOf(batch, row), threat.epsilon, ...INPUT.bounds)
      : regionOf(threat, batch, INPUT.bounds).start(row, random);
    data.set(noise, row * noise.length);
  });
  return (await judge(classifier, batch, threat, goal, { kind: 'examples', data })).judgements;
}

function countFooled(judgements: readonly Judgement[]): number {
  return judgements.filter(({ outcome }) => outcome === 'fooled').length;
}

/** The two-class problem of one row, within its box or the input bounds. */
function linearTruth({ batch, threat }: Problem, row: number, weights: Float64Array): LinearProblem {
  const clean = rowOf(batch, row);
  const label = batch.labels[row]!;
  const direction = clean.map(
    (_value, i) => weights[label * clean.length + i]! - weights[(1 - label) * clean.length + i]!,
  );
  const box = threat.kind === 'box' ? boxOf(threat, batch, INPUT.bounds) : undefined;
  const at = (edge: Float32Array | undefined, bound: number) => (i: number) =>
    edge?.[row * clean.length + i] ?? bound;
  return linearProblem(direction, 0, clean, at(box?.lower, INPUT.bounds[0]), at(box?.upper, INPUT.bounds[1]));
}

function canBeFooled({ threat }: Problem, truth: LinearProblem): boolean {
  switch (threat.kind) {
    case 'lp':
      return lowestLead(threat.norm, truth, threat.epsilon * SHARE[threat.norm]) < -LEAD_TOLERANCE;
    case 'box':
      return lowestLead('linf', truth, Infinity) < -LEAD_TOLERANCE;
    case 'minimum':
      return Number.isFinite(smallestDistance(threat.norm, truth));
    default:
      return false;
  }
}

/** Rows whose target leads clearly at a point of the set that plain descent of the target's margin finds. */
async function clearlyReachable(problem: Problem, classifier: Linear): Promise<number[]> {
  const { batch, threat, goal } = problem;
  if (goal.kind !== 'targeted') return [];
  const data = batch.data.slice();
  const size = data.length / batch.keys.length;
  const { weights } = classifier.layer;
  batch.keys.forEach((_key, row) => {
    const [point, target, label] = [sliceRow(data, row, size), goal.targets[row]!, batch.labels[row]!];
    const slope = point.map((_value, i) => weights[target * size + i]! - weights[label * size + i]!);
    if (threat.kind === 'lp' || threat.kind === 'box') {
      const region = regionOf(threat, batch, INPUT.bounds);
      for (let step = 0; step < 20; step++) {
        // A step of one coordinate must not be spent on one that cannot move any further.
        const free = slope.map((value, i) => (point[i] === INPUT.bounds[value > 0 ? 1 : 0] ? 0 : value));
        region.step(row, free, point, 0.25);
        region.project(row, point);
      }
    } else point.forEach((value, i) => (point[i] = value + Math.sign(slope[i]!)));
    point.forEach((value, i) => (point[i] = clamp(value, ...INPUT.bounds)));
  });
  const logits = await classifier.logits(withData(batch, data));
  return [...batch.keys.keys()].filter((row) => {
    const scores = sliceRow(logits, row, classifier.numClasses);
    const target = goal.targets[row]!;
    const others = scores.filter((_score, k) => k !== target);
    return argmax(scores) === target && scores[target]! - Math.max(...others) > CLEAR_LEAD;
  });
}
