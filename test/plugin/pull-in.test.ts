import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Closest } from '../../src/plugin/closest.js';
import { minimumNormOf } from '../../src/plugin/minimum-norm.js';
import { progressOf, type Progress } from '../../src/plugin/problem.js';
import { pullIn } from '../../src/plugin/pull-in.js';
import { keyedStream } from '../../src/random/keyed.js';
import { rowOf, sliceRow, takeExamples, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { linearWorld, type LinearWorldOptions } from '../attacks/linear-world.js';

const NORMS = ['linf', 'l2', 'l1'] as const;
type ConvexNorm = (typeof NORMS)[number];
const UNTARGETED = { kind: 'untargeted' } as const;

/** One point that was tried. */
interface Trial {
  readonly row: number;
  readonly radius: number;
  readonly reached: boolean;
}

/** Examples of a linear classifier, each with the first of some random points that it gets wrong: far from the boundary. */
async function farAdversarials(norm: ConvexNorm, options: LinearWorldOptions) {
  const { classifier, batch } = await linearWorld(options);
  const task = minimumNormOf({ kind: 'minimum', norm }, batch, classifier.input.bounds);
  const closest = new Closest(batch);
  const margins = new Float64Array(batch.keys.length);
  const trials: Trial[] = [];

  const judge = (row: number, point: Float32Array, logits: Float32Array): Progress => {
    const progress = progressOf(logits, batch.labels[row]!, UNTARGETED, row);
    const length = distance(norm, point, rowOf(batch, row));
    if (progress.reached && closest.offer(row, point, length)) margins[row] = progress.margin;
    return progress;
  };
  const evaluate = async (rows: readonly number[], points: readonly Float32Array[]): Promise<Progress[]> => {
    const part = takeExamples(batch, rows);
    points.forEach((point, position) => rowOf(part, position).set(point));
    const logits = await classifier.logits(part);
    return rows.map((row, position) => {
      const point = points[position]!;
      const progress = judge(row, point, sliceRow(logits, position, classifier.numClasses));
      trials.push({ row, radius: distance(norm, point, rowOf(batch, row)), reached: progress.reached });
      return progress;
    });
  };

  const clean = await classifier.logits(batch);
  const cleanMargins = batch.keys.map(
    (_key, row) => judge(row, rowOf(batch, row), sliceRow(clean, row, classifier.numClasses)).margin,
  );
  for (let draw = 0; draw < 50; draw++) {
    const rows = [...batch.keys.keys()].filter((row) => !closest.found(row));
    const noise = rows.map((row) =>
      keyedStream(options.seed ?? 0, row, 'noise', draw).fillUniform(rowOf(batch, row).slice()),
    );
    if (rows.length > 0) await evaluate(rows, noise);
  }
  trials.length = 0;
  const rows = [...batch.keys.keys()].filter((row) => closest.found(row));
  return { classifier, batch, task, closest, margins, cleanMargins, rows, trials, evaluate };
}

const settings = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  numClasses: fc.constantFrom(2, 3, 10),
  count: fc.constant(6),
});

describe.each(NORMS)('pulled in, in %s, adversarials', (norm) => {
  it('stay adversarial and in the input bounds, and come no further away', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.integer({ min: 0, max: 6 }), async (options, steps) => {
        const found = await farAdversarials(norm, options);
        const { classifier, batch, closest, rows } = found;
        const before = closest.distances.slice();
        await pullIn({ ...found, steps }, found.evaluate);
        const predicted = await classifier.predict(withData(batch, closest.data));
        for (const row of rows) {
          expect(predicted[row]).not.toBe(batch.labels[row]);
          expect(closest.distances[row]).toBeLessThanOrEqual(before[row]!);
          expect(distance(norm, closest.candidate(row), rowOf(batch, row))).toBe(closest.distances[row]);
          expect(closest.candidate(row).every((value) => value >= 0 && value <= 1)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('end where a point of a ball smaller by 2 in 1000 fails', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (options) => {
        const { rows, trials, ...found } = await farAdversarials(norm, options);
        await pullIn({ ...found, rows, steps: 40 }, found.evaluate);
        const { classifier, batch, closest, task } = found;
        // Float32 does not resolve less than 1e-5.
        const smaller = (row: number) => (1 - 2e-3) * closest.distances[row]! - 1e-5;
        const nearer = withData(batch, closest.data.slice());
        for (const row of rows) task.project(row, rowOf(nearer, row), smaller(row));
        const predicted = await classifier.predict(nearer);
        for (const row of rows) {
          const fails = predicted[row] === batch.labels[row];
          // The margin may cross zero several times; then it failed between there and here.
          const failed = trials.some(
            (trial) => trial.row === row && !trial.reached && trial.radius >= smaller(row),
          );
          expect(fails || failed).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are tried at radii between the largest that failed and the smallest that did not', async () => {
    const { rows, trials, ...found } = await farAdversarials(norm, { numClasses: 3, count: 12 });
    const far = found.closest.distances.slice();
    await pullIn({ ...found, rows, steps: 8 }, found.evaluate);
    for (const row of rows) {
      let [low, high] = [0, far[row]!];
      for (const { radius, reached } of trials.filter((trial) => trial.row === row)) {
        expect(radius).toBeGreaterThanOrEqual(low * (1 - 1e-6));
        expect(radius).toBeLessThanOrEqual(high * (1 + 1e-6));
        if (reached) high = radius;
        else low = radius;
      }
    }
  });
});

describe('pulling adversarials in', () => {
  const found = () => farAdversarials('l2', { numClasses: 3, count: 12 });

  it('asks once per step for each row, and for no other row', async () => {
    const { evaluate, rows, trials, ...rest } = await found();
    const some = rows.slice(1, 5);
    await pullIn({ ...rest, rows: some, steps: 5 }, evaluate);
    expect(trials.map(({ row }) => row)).toEqual([...some, ...some, ...some, ...some, ...some]);
  });

  it('asks nothing without steps or rows', async () => {
    const { evaluate, trials, ...rest } = await found();
    await pullIn({ ...rest, steps: 0 }, evaluate);
    await pullIn({ ...rest, rows: [], steps: 5 }, evaluate);
    expect(trials).toEqual([]);
  });

  it('asks no more about a row that is near enough', async () => {
    const { evaluate, closest, rows, task, trials, ...rest } = await found();
    const nearEnough = Math.max(...rows.map((row) => closest.distances[row]!)) / 2;
    await pullIn({ ...rest, closest, rows, task: { ...task, enough: nearEnough }, steps: 9 }, evaluate);
    for (const row of rows) {
      const own = trials.filter((trial) => trial.row === row);
      const done = own.findIndex(({ radius, reached }) => reached && radius <= nearEnough);
      expect(own).toHaveLength(done < 0 ? 9 : done + 1);
    }
    expect(trials.length).toBeLessThan(9 * rows.length);
  });

  it('gives a row up whose margin is not a number, and only that one', async () => {
    const { evaluate, rows, trials, ...rest } = await found();
    const ill = rows[2]!;
    await pullIn({ ...rest, rows, steps: 4 }, async (asked, points) =>
      (await evaluate(asked, points)).map((progress, position) =>
        asked[position] === ill ? { reached: false, margin: NaN } : progress,
      ),
    );
    for (const row of rows)
      expect(trials.filter((trial) => trial.row === row)).toHaveLength(row === ill ? 1 : 4);
  });

  it('finds the crossing of a straight margin at the first step', async () => {
    const { evaluate, rows, task, closest, margins, cleanMargins, ...rest } = await farAdversarials('l2', {
      numClasses: 2,
      count: 12,
    });
    const far = closest.distances.slice();
    const slack = 1 - 1e-3;
    const expected = rows.map((row) => {
      const share = margins[row]! / (margins[row]! - cleanMargins[row]!);
      return far[row]! * (1 - slack * share);
    });
    await pullIn({ ...rest, rows, task, closest, margins, cleanMargins, steps: 1 }, evaluate);
    rows.forEach((row, i) => expect(closest.distances[row]! / expected[i]!).toBeCloseTo(1, 5));
  });
});
