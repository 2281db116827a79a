import { isDeepStrictEqual } from 'node:util';
import type { Classifier } from '../../classifier/classifier.js';
import { judge } from '../../evaluate/judge.js';
import type { LabelledBatch } from '../../tensor/batch.js';
import type { AttackPlugin, Proposal } from '../attack.js';
import { costOf } from '../cost.js';
import { restrictProblem, type Problem } from '../problem.js';
import { loadAttack } from '../registry.js';
import { randomNetwork } from './classifiers.js';
import { excessOf } from './excess.js';
import {
  examplesFor,
  fit,
  INPUT,
  plainJson,
  problemIn,
  runAttack,
  SEED,
  type RunOptions,
  type Situation,
} from './situation.js';
import { withNaNs } from './with-nans.js';

/** What a check works on: an attack in one situation. */
export interface Subject {
  readonly attack: AttackPlugin;
  readonly situation: Situation;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A rule of the contract; `run` throws when it is broken. */
export interface Check {
  /** Continues "the attack ...". */
  readonly name: string;
  /** Situations the rule says something about; all when absent. */
  readonly appliesTo?: (subject: Subject) => boolean;
  readonly run: (subject: Subject) => Promise<void>;
}

/** Not in order and not dense, as keys are after a few examples left. */
const KEYS = [11, 3, 27, 5, 8, 19];
const CLASSES = 4;
/** Float32 rounding may leave the set by this much; the harness repairs it. */
const SET_TOLERANCE = 1e-5;

const hasBudget = ({ situation }: Subject): boolean =>
  situation.threat === 'lp' || situation.threat === 'box';

/** Rules that hold for every attack, on a small network. */
export const CHECKS: readonly Check[] = [
  {
    name: 'proposes one finite candidate per example',
    run: async (subject) => {
      const { problem, classifier, options } = await setUp(subject);
      const { proposal } = await runAttack(subject.attack, problem, options);
      // The judge throws for a wrong kind or length.
      const { judgements } = await judge(classifier, problem.batch, problem.threat, problem.goal, proposal);
      judgements.forEach(({ outcome }, row) => {
        expect(outcome !== 'invalid', `the candidate for example ${problem.batch.keys[row]!} is not finite`);
      });
    },
  },
  {
    name: 'stays in the threat set',
    run: async (subject) => {
      const { problem, options } = await setUp(subject);
      const { proposal } = await runAttack(subject.attack, problem, options);
      const excess = excessOf(proposal, problem);
      expect(excess <= SET_TOLERANCE, `a candidate leaves the set by ${excess}`);
    },
  },
  {
    name: 'proposes the same for an example whatever batch it is in',
    run: async (subject) => {
      const { problem, options } = await setUp(subject);
      const together = rowsOf((await runAttack(subject.attack, problem, options)).proposal, problem.batch);
      const all = [...problem.batch.keys.keys()];
      const groupings = [all.map((row) => [row]), [all.toReversed()], [[0, 1], all.slice(2)], [[4, 0]]];
      for (const rows of groupings.flat()) {
        const part = restrictProblem(problem, rows);
        const alone = rowsOf((await runAttack(subject.attack, part, options)).proposal, part.batch);
        rows.forEach((row, i) => {
          const company = rows.map((other) => problem.batch.keys[other]!).join(', ');
          expect(
            isDeepStrictEqual(alone[i], together[row]),
            `example ${problem.batch.keys[row]!} gets another candidate in the batch of examples ${company}`,
          );
        });
      }
    },
  },
  {
    name: 'depends on the seed exactly as its metadata say',
    run: async (subject) => {
      const { problem, options } = await setUp(subject);
      const run = async (seed: number): Promise<unknown> =>
        rowsOf((await runAttack(subject.attack, problem, { ...options, seed })).proposal, problem.batch);
      const first = await run(SEED);
      expect(isDeepStrictEqual(await run(SEED), first), 'two runs with the same seed differ');
      if (subject.attack.metadata.stochastic) return;
      expect(
        isDeepStrictEqual(await run(SEED + 1), first),
        'it is not `stochastic`, but another seed changes it',
      );
    },
  },
  {
    name: 'returns the clean examples when the budget is zero',
    appliesTo: hasBudget,
    run: async (subject) => {
      const { problem, options } = await setUp(subject, 0);
      const threat = nothingAllowed(problem);
      const { proposal } = await runAttack(subject.attack, { ...problem, threat }, options);
      const moved =
        proposal.kind === 'examples' && !proposal.data.every((value, i) => value === problem.batch.data[i]);
      expect(!moved, 'a candidate differs from its clean example');
    },
  },
  {
    name: 'stops when it is told to',
    run: async (subject) => {
      const { problem, options } = await setUp(subject);
      const controller = new AbortController();
      controller.abort(new Error('stopped'));
      const ended = await runAttack(subject.attack, problem, { ...options, signal: controller.signal }).then(
        () => 'it went on',
        (error: unknown) =>
          isAbort(error) ? null : `it threw ${String(error)} instead of the signal's reason`,
      );
      expect(
        ended === null,
        `the signal was aborted: ${ended ?? ''}; call context.signal.throwIfAborted() in each step`,
      );
    },
  },
  {
    name: 'spends no more passes than its cost says',
    run: async (subject) => {
      const { problem, classifier, options } = await setUp(subject);
      const { passes } = await runAttack(subject.attack, problem, options);
      const { numClasses, stochastic } = classifier;
      const allowed = await costOf(
        subject.attack,
        subject.parameters,
        { numClasses, stochastic },
        loadAttack,
      );
      for (const spent of passes) {
        expect(
          spent.forward <= allowed.forward && spent.gradient <= allowed.gradient,
          `cost() says at most ${JSON.stringify(allowed)} per example; it spent ${JSON.stringify(spent)}`,
        );
      }
    },
  },
  {
    name: 'leaves its inputs as they were',
    run: async (subject) => {
      const { problem, options } = await setUp(subject);
      const before = JSON.stringify({ problem, parameters: options.parameters });
      await runAttack(subject.attack, problem, options);
      const after = JSON.stringify({ problem, parameters: options.parameters });
      expect(after === before, 'it changed its batch, threat, goal or parameters');
    },
  },
  {
    name: 'lets no example disturb another when the model returns NaN',
    run: async (subject) => {
      const { problem, classifier, options } = await setUp(subject);
      const healthy = rowsOf((await runAttack(subject.attack, problem, options)).proposal, problem.batch);
      const ill = KEYS[1]!;
      const poisoned = { ...options, classifier: withNaNs(classifier, ill) };
      const { proposal } = await runAttack(subject.attack, problem, poisoned);
      rowsOf(proposal, problem.batch).forEach((candidate, row) => {
        const key = problem.batch.keys[row]!;
        if (key === ill)
          expect(candidate.every(Number.isFinite), 'the candidate of the example with NaN is not finite');
        else expect(isDeepStrictEqual(candidate, healthy[row]), `example ${key} changed`);
      });
    },
  },
  {
    name: 'fits a state that is plain JSON',
    appliesTo: ({ attack }) => attack.fit !== undefined,
    run: async ({ attack, ...subject }) => {
      const { problem, options } = await setUp({ attack, ...subject });
      const state = await fit(attack, problem, options);
      expect(isDeepStrictEqual(plainJson(state), state), 'the state changes on its way through JSON');
    },
  },
];

/** @throws Error with the reason when the condition is false. */
export function expect(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Error(reason);
}

async function setUp(
  subject: Subject,
  scale = 1,
): Promise<{ problem: Problem; classifier: Classifier; options: RunOptions }> {
  const classifier = randomNetwork(SEED, INPUT, 12, CLASSES);
  const batch = await examplesFor(classifier, KEYS);
  return {
    classifier,
    problem: problemIn(subject.situation, batch, CLASSES, scale),
    options: { classifier, parameters: subject.parameters },
  };
}

/** A box of no width has its walls at the clean example. */
function nothingAllowed({ threat, batch }: Problem): Problem['threat'] {
  return threat.kind === 'box' ? { ...threat, lower: batch.data.slice(), upper: batch.data.slice() } : threat;
}

/** What a proposal says about each example. */
function rowsOf(proposal: Proposal, { keys }: LabelledBatch): (Float32Array | Float64Array)[] {
  const all =
    proposal.kind === 'examples'
      ? proposal.data
      : proposal.kind === 'transform'
        ? proposal.parameters
        : Float64Array.from(proposal.corners);
  const width = all.length / keys.length;
  return keys.map((_key, row) => all.slice(row * width, (row + 1) * width));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.message === 'stopped';
}
