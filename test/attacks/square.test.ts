import { describe, expect, it } from '@jest/globals';
import type { Classifier, InputSpec } from '../../src/classifier/classifier.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import { regionOf } from '../../src/plugin/region.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import type { Threat } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { rowOf, withData, type LabelledBatch } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { distancesOf, linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const goal = { kind: 'untargeted' } as const;
const EPSILON = { linf: 0.1, l2: 0.6 } as const;
const ball = (norm: 'linf' | 'l2', epsilon: number = EPSILON[norm]): Threat => ({
  kind: 'lp',
  norm,
  epsilon,
});

/** A classifier of images of any shape that calls every one class 0 by a wide margin, and notes what it was asked. */
function stubborn(input: InputSpec): { classifier: Classifier; asked: Float32Array[] } {
  const asked: Float32Array[] = [];
  const never = () => Promise.reject(new Error('not of a score attack'));
  const logits: Classifier['logits'] = ({ data, keys }) => {
    asked.push(data.slice());
    const sum = (row: number) => rowSum(data, row, keys.length);
    return Promise.resolve(Float32Array.from(keys.flatMap((_key, row) => [100 + sum(row), 0])));
  };
  const predict: Classifier['predict'] = ({ keys }) => Promise.resolve(new Int32Array(keys.length));
  const refuse = { lossGradient: never, vjp: never, features: never };
  return { classifier: { input, numClasses: 2, stochastic: false, logits, predict, ...refuse }, asked };
}

function rowSum(data: Float32Array, row: number, rows: number): number {
  const size = data.length / rows;
  return data.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value, 0);
}

function grey(shape: readonly number[], count = 2): LabelledBatch {
  const keys = Array.from({ length: count }, (_, i) => 10 + i);
  const data = new Float32Array(count * elementCount(shape)).fill(0.5);
  return { shape, keys, data, labels: new Int32Array(count) };
}

describe.each(['linf', 'l2'] as const)('square in %s', (norm) => {
  it('never fools a linear classifier nearer than its closest error', async () => {
    const world = await linearWorld({ numClasses: 3, count: 30, shape: [1, 9, 7] });
    const optima = world.batch.keys.map((_key, row) => world.optimum(row, norm));
    const epsilon = 1.5 * optima.toSorted((a, b) => a - b)[15]!;
    const problem = { batch: world.batch, threat: ball(norm, epsilon), goal };
    const { data } = await runBuiltin('square', world.classifier, problem, { queries: 400 });
    const distances = await distancesOf(world, data, norm);
    distances.forEach((found, row) => expect(found).toBeGreaterThanOrEqual(optima[row]! * (1 - 1e-5)));
    const fooled = distances.filter((found) => found <= epsilon * (1 + 1e-5)).length;

    const noise = new Set<number>();
    const region = regionOf(problem.threat, world.batch, world.classifier.input.bounds);
    for (let draw = 0; draw < 400; draw++) {
      const tried = world.batch.data.slice();
      world.batch.keys.forEach((key, row) => {
        const point = region.start(row, keyedStream(1, key, 'noise', draw));
        tried.set(point, row * point.length);
      });
      (await distancesOf(world, tried, norm)).forEach((found, row) => found < Infinity && noise.add(row));
    }
    expect(fooled).toBeGreaterThan(noise.size);
  });

  it('asks once per query, and nothing more about what is fooled', async () => {
    const classifier = randomNetwork(3, INPUT, 16, 5);
    const batch = await examplesFor(
      classifier,
      Array.from({ length: 24 }, (_, i) => i),
    );
    const { data, passes } = await runBuiltin(
      'square',
      classifier,
      { batch, threat: ball(norm), goal },
      { queries: 60 },
    );
    const predicted = await classifier.predict(withData(batch, data));
    const fooled = batch.keys.map((_key, row) => predicted[row] !== batch.labels[row]);
    expect(new Set(fooled).size).toBe(2);
    fooled.forEach((flag, row) => {
      if (flag) expect(passes[row]!.forward).toBeLessThanOrEqual(60);
      else expect(passes[row]).toEqual({ forward: 60, gradient: 0 });
    });
    expect(Math.min(...passes.map(({ forward }) => forward))).toBeLessThan(60);
  });

  it.each<InputSpec['shape']>([
    [1, 28, 28],
    [3, 8, 8],
    [8, 8, 3],
    [2, 3, 11],
    [1, 11, 3],
    [1, 2, 2],
    [1, 1, 1],
    [49],
    [12],
    [10],
    [7, 5],
    [1, 1, 3, 5],
  ])('stays in the set on inputs of shape %s %s %s %s', async (...shape: (number | undefined)[]) => {
    const sizes = shape.filter((size): size is number => typeof size === 'number');
    const layout = sizes.length !== 3 ? 'flat' : sizes[2] === 3 && sizes[0] === 8 ? 'NHWC' : 'NCHW';
    const { classifier, asked } = stubborn({ shape: sizes, layout, bounds: [0, 1] });
    const batch = grey(sizes);
    const parameters = { queries: 60, rescaleSchedule: true };
    for (const compat of ['none', 'autoattack']) {
      const problem = { batch, threat: ball(norm, 0.3), goal };
      await runBuiltin('square', classifier, problem, { ...parameters, compat });
    }
    for (const data of asked) {
      batch.keys.forEach((_key, row) => {
        const point = rowOf(withData(batch, data), row);
        expect(point.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(distance(norm, point, rowOf(batch, row))).toBeLessThanOrEqual(0.3 * (1 + 1e-6));
      });
    }
  });

  it('proposes the clean example where the set holds nothing else', async () => {
    const classifier = randomNetwork(3, INPUT, 16, 5);
    const batch = await examplesFor(classifier, [1, 2]);
    const { data } = await runBuiltin(
      'square',
      classifier,
      { batch, threat: ball(norm, 0), goal },
      { queries: 20 },
    );
    expect(data).toEqual(batch.data);
  });
});

describe('square', () => {
  const input: InputSpec = { shape: [2, 12, 12], layout: 'NCHW', bounds: [0, 1] };

  /** Places (channel, row, column) in which two iterates differ. */
  function touched(before: Float32Array, after: Float32Array): [number, number, number][] {
    return [...after.keys()]
      .filter((i) => after[i] !== before[i])
      .map((i) => [Math.floor(i / 144), Math.floor((i % 144) / 12), i % 12]);
  }

  /** The windows tried: what each query changes with respect to the first, which is never improved. */
  async function windowsTried(parameters: Record<string, unknown>, count = 1) {
    const { classifier, asked } = stubborn(input);
    // The margin is the same for every point, so that the first one stays the best.
    const flat: Classifier = {
      ...classifier,
      logits: async (batch) => (await classifier.logits(batch)).map((_value, i) => (i % 2 === 0 ? 1 : 0)),
    };
    const problem = { batch: grey(input.shape, count), threat: ball('linf'), goal };
    await runBuiltin('square', flat, problem, parameters);
    const [first, ...others] = asked as [Float32Array, ...Float32Array[]];
    return { first, windows: others.map((data) => touched(first, data)) };
  }

  it('begins with stripes at the ends of the ball', async () => {
    const { first } = await windowsTried({ queries: 1 });
    for (let i = 0; i < first.length; i++) {
      expect(Math.abs(Math.abs(first[i]! - 0.5) - 0.1)).toBeLessThan(1e-6);
      expect(first[i]).toBe(first[Math.floor(i / 144) * 144 + (i % 12)]);
    }
    expect(new Set(first).size).toBe(2);
  });

  it('changes a window of one colour per channel, smaller as the queries pass, and always something', async () => {
    const { first, windows } = await windowsTried({ queries: 600 });
    windows.forEach((places, i) => {
      expect(places.length).toBeGreaterThan(0);
      const side = Math.round(12 * Math.sqrt(0.8 / sizeDivisor(i + 1)));
      for (const axis of [1, 2]) {
        const along = places.map((place) => place[axis]!);
        expect(Math.max(...along) - Math.min(...along)).toBeLessThan(side);
      }
      for (const channel of [0, 1]) {
        const old = places.filter(([c]) => c === channel).map(([c, y, x]) => first[c * 144 + y * 12 + x]);
        expect(new Set(old).size).toBeLessThanOrEqual(1);
      }
    });
  });

  it('reaches the last row and column, which AutoAttack does not', async () => {
    const reach = async (compat: string) => {
      const { windows } = await windowsTried({ queries: 600, compat });
      return Math.max(...windows.slice(60).flatMap((places) => places.map(([, y]) => y)));
    };
    expect(await reach('none')).toBe(11);
    expect(await reach('autoattack')).toBe(10);
  });

  it('draws for each example by itself', async () => {
    const { classifier, asked } = stubborn(input);
    const problem = { batch: grey(input.shape, 2), threat: ball('linf'), goal };
    await runBuiltin('square', classifier, problem, { queries: 3 });
    for (const data of asked) expect(data.slice(0, 288)).not.toEqual(data.slice(288));
  });

  it('stays in a box of its own width per pixel', async () => {
    const classifier = randomNetwork(3, INPUT, 16, 5);
    const batch = await examplesFor(classifier, [1, 2, 3]);
    const lower = batch.data.map((value, i) => value - 0.01 * (i % 7));
    const upper = batch.data.map((value, i) => value + 0.02 * (i % 5));
    const problem = { batch, threat: { kind: 'box', lower, upper } as const, goal };
    const { data } = await runBuiltin('square', classifier, problem, { queries: 50 });
    data.forEach((value, i) => {
      expect(value).toBeGreaterThanOrEqual(Math.max(lower[i]!, 0));
      expect(value).toBeLessThanOrEqual(Math.min(upper[i]!, 1));
    });
  });

  it('restarts from other stripes, on survivors only', async () => {
    const classifier = randomNetwork(3, INPUT, 16, 5);
    const batch = await examplesFor(classifier, [0, 1, 2, 3, 4, 5, 6, 7]);
    const problem = { batch, threat: ball('linf', 0.05), goal };
    const once = await runBuiltin('square', classifier, problem, { queries: 20 });
    const thrice = await runBuiltin('square', classifier, problem, { queries: 20, restarts: 3 });
    const predicted = await classifier.predict(withData(batch, once.data));
    batch.keys.forEach((_key, row) => {
      if (predicted[row] !== batch.labels[row]) expect(thrice.passes[row]).toEqual(once.passes[row]);
      else expect(thrice.passes[row]!.forward).toBeGreaterThan(20);
    });
  });
});

function sizeDivisor(query: number): number {
  return query <= 10 ? 1 : query <= 50 ? 2 : query <= 200 ? 4 : query <= 500 ? 8 : 16;
}
