import type { DecisionClassifier, ScoreClassifier } from '../classifier/classifier.js';
import { exampleSize, sliceRow, type LabelledBatch } from '../tensor/batch.js';
import type { AttackContext } from './attack.js';
import { progressOf, reachesGoal, restrictGoal, type Problem, type Progress } from './problem.js';
import type { Goal } from './threat.js';

/**
 * Part of a search for one example, written as if the example were alone: it yields points to ask the model about (a
 * whole number of examples, side by side), is sent one answer for each, and returns what it found.
 */
export type Questions<Answer, Found = void> = Generator<Float32Array, Found, readonly Answer[]>;

/** Asks the model about points; their keys and labels are those of the examples they are asked for, row for row. */
export type Oracle<Answer> = (points: LabelledBatch, goal: Goal) => Promise<readonly Answer[]>;

/** Answers with what the logits say about the goal. */
export function scoreOracle(classifier: ScoreClassifier): Oracle<Progress> {
  return async (points, goal) => {
    const logits = await classifier.logits(points);
    return points.keys.map((_key, row) =>
      progressOf(sliceRow(logits, row, classifier.numClasses), points.labels[row]!, goal, row),
    );
  };
}

/** What the model decided about a point. */
export interface Decision {
  readonly reached: boolean;
  /** The class; -1 on non-finite logits, which never reach a goal. */
  readonly predicted: number;
}

/** Answers with decisions. */
export function decisionOracle(classifier: DecisionClassifier): Oracle<Decision> {
  return async (points, goal) => {
    const classes = await classifier.predict(points);
    return points.keys.map((_key, row) => {
      const predicted = classes[row]!;
      return { predicted, reached: reachesGoal(predicted, points.labels[row]!, goal, row) };
    });
  };
}

/** Values in a pass, where the batch itself has fewer: small examples are asked about many at a time. */
const VALUES_PER_PASS = 2 ** 20;
/** Values a search should ask about at a time, so that a batch of searches stays within the memory of a machine. */
const VALUES_PER_REQUEST = 2 ** 17;

/** How many points of this size a search should ask about at a time. */
export function pointsPerRequest(size: number): number {
  return Math.max(1, Math.floor(VALUES_PER_REQUEST / size));
}

/**
 * Runs one search per example of the problem's batch, all of them side by side: what they ask goes through the model in
 * common passes, but a search sees its own answers only, so that its result depends on its example alone. A search whose
 * next request would exceed the budget ends there, so it should record what it finds as it goes.
 *
 * @param queries budget of every single search, in points asked about.
 * @throws the signal's reason, between passes.
 */
export async function inLockstep<Answer>(
  { batch, goal }: Problem,
  searches: readonly Questions<Answer>[],
  oracle: Oracle<Answer>,
  { context, queries }: { readonly context: AttackContext; readonly queries: number },
): Promise<void> {
  const size = exampleSize(batch);
  const rowsPerPass = Math.max(batch.keys.length, Math.floor(VALUES_PER_PASS / size));
  const spent = new Float64Array(searches.length);
  let furthest = 0;

  const requestOf = (row: number, { done, value }: IteratorResult<Float32Array, void>): Request[] => {
    if (done === true) return [];
    const count = value.length / size;
    if (spent[row]! + count > queries) {
      searches[row]!.return();
      return [];
    }
    spent[row]! += count;
    if (spent[row]! > furthest) furthest = spent[row]!;
    return [{ row, count, points: value }];
  };
  const answersTo = async (requests: readonly Request[]): Promise<Answer[]> => {
    const rows = requests.flatMap(({ row, count }) => new Array<number>(count).fill(row));
    const data = new Float32Array(rows.length * size);
    let at = 0;
    for (const { points } of requests) {
      data.set(points, at);
      at += points.length;
    }
    const answers: Answer[] = [];
    for (let from = 0; from < rows.length; from += rowsPerPass) {
      context.signal.throwIfAborted();
      const asked = rows.slice(from, from + rowsPerPass);
      const points = {
        shape: batch.shape,
        keys: asked.map((row) => batch.keys[row]!),
        labels: Int32Array.from(asked, (row) => batch.labels[row]!),
        data: data.subarray(from * size, (from + asked.length) * size),
      };
      answers.push(...(await oracle(points, restrictGoal(goal, asked))));
    }
    return answers;
  };

  let requests = searches.flatMap((search, row) => requestOf(row, search.next([])));
  while (requests.length > 0) {
    const answers = await answersTo(requests);
    context.progress(Math.min(1, furthest / queries));
    let at = 0;
    requests = requests.flatMap(({ row, count }) => {
      const own = answers.slice(at, at + count);
      at += count;
      return requestOf(row, searches[row]!.next(own));
    });
  }
}

interface Request {
  readonly row: number;
  readonly count: number;
  readonly points: Float32Array;
}
