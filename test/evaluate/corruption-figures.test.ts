import { describe, expect, it } from '@jest/globals';
import type { CellPlan, CompletedCell } from '../../src/evaluate/cell.js';
import { confidencesOf } from '../../src/evaluate/confidences.js';
import { inlineExecutor } from '../../src/evaluate/inline.js';
import { runCell } from '../../src/evaluate/run.js';
import { calibrationOf } from '../../src/metrics/corruption/calibration.js';
import type { CorruptionPlugin } from '../../src/plugin/corruption.js';
import { inconsistency } from '../../src/results/consistency.js';
import { withData } from '../../src/tensor/batch.js';
import { completed, untimed } from './completed.js';
import { world } from './world.js';

const invert: CorruptionPlugin = {
  kind: 'corruption',
  metadata: {
    id: 'invert',
    title: 'Inversion',
    summary: 'The negative.',
    paper: 'none',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: false,
  },
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  severities: [{}],
  sample: () => null,
  apply: ({ data }) => data.map((value) => 1 - value),
};
const plan: CellPlan = {
  kind: 'corruption',
  corruption: { id: 'invert', version: '1.0.0' },
  severity: 1,
  parameters: {},
  profile: 'cifar',
  quirks: 'reference',
};

/** Largest softmax, in the textbook's way. */
const textbook = (logits: readonly number[]): number => {
  const powers = logits.map(Math.exp);
  return Math.max(...powers) / powers.reduce((sum, each) => sum + each, 0);
};

describe('the confidence of a prediction', () => {
  it('is the largest softmax of the logits', () => {
    const logits = Float32Array.of(0, 1, 2, 3, -1, 0.5);
    const [first, second] = confidencesOf([logits], 3, ['r', 'w']);
    expect(first).toBeCloseTo(textbook([0, 1, 2]), 6);
    expect(second).toBeCloseTo(textbook([3, -1, 0.5]), 6);
  });

  it('does not overflow, and is a half between two equals', () => {
    expect(confidencesOf([Float32Array.of(1e30, 1e30, -1e30)], 3, ['r'])).toEqual([0.5]);
  });

  it('is the mean over the draws of a model that has several', () => {
    const draws = [Float32Array.of(0, Math.log(3)), Float32Array.of(Math.log(4), 0)];
    expect(confidencesOf(draws, 2, ['f'])[0]).toBeCloseTo((0.75 + 0.8) / 2, 6);
  });

  it('does not exist where there is no outcome', () => {
    expect(confidencesOf([Float32Array.of(NaN, 1, 0, 0)], 2, ['i', 'r'])).toEqual([null, 0.5]);
  });
});

describe('a corruption cell', () => {
  it('says how sure the model was of the corrupted images, and how far off', async () => {
    const place = await world({ corruptions: [invert] });
    const cell = await completed(place, plan);
    const batch = await place.dataset.read(cell.data.indices);
    const logits = await place.classifier.logits(
      withData(
        batch,
        batch.data.map((value) => 1 - value),
      ),
    );
    const expected = cell.data.indices.map((_index, i) => ({
      confidence: Math.fround(textbook(Array.from(logits.subarray(3 * i, 3 * i + 3)))),
      correct: cell.outcomes[i] === 'r',
    }));
    const { confidence, error, bins } = calibrationOf(expected);
    expect(cell.calibration!.confidence).toBeCloseTo(confidence, 6);
    expect(cell.calibration!.error).toBeCloseTo(error, 6);
    expect(cell.calibration!.bins).toMatchObject({ n: bins.n, correct: bins.correct });
  });

  it('names the images that the corruption made right', async () => {
    const place = await world({ corruptions: [invert] });
    const cell = await completed(place, plan);
    const batch = await place.dataset.read(cell.data.indices);
    const clean = await place.classifier.predict(batch);
    const expected = cell.data.indices.filter(
      (_index, i) => clean[i] !== batch.labels[i] && cell.outcomes[i] === 'r',
    );
    expect(cell.repaired).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  it('has the same figures to the last bit whatever the batch size and the number of workers', async () => {
    const place = await world({ corruptions: [invert] });
    const { cell } = await runCell(place.spec(plan), place.options());
    const executor = { ...inlineExecutor(place.services), parallelism: 3 };
    const other = await runCell(place.spec(plan), place.options({ batchSize: 7, executor }));
    expect(untimed(other.cell)).toEqual(untimed(cell));
  });

  it('leaves examples without outcome out', async () => {
    const place = await world({ corruptions: [invert] }, { blind: true, zeroFirstPixel: [3, 5] });
    const cell = await completed(place, plan);
    expect(cell.invalid).toBeGreaterThan(0);
    const counted = cell.calibration!.bins.n.reduce((sum, each) => sum + each, 0);
    expect(counted).toBe(cell.n - cell.invalid);
    expect(inconsistency(cell)).toBeNull();
  });

  it.each<[string, (cell: CompletedCell) => Partial<CompletedCell>, RegExp]>([
    ['repaired images', ({ repaired }) => ({ repaired: [...repaired!, 0, 1] }), /repaired has \d+ examples/],
    [
      'counts per bin',
      ({ calibration }) => ({
        calibration: { ...calibration!, bins: { ...calibration!.bins, n: Array<number>(15).fill(1) } },
      }),
      /calibration\.bins do not agree with the outcomes/,
    ],
    [
      'calibration error',
      ({ calibration }) => ({ calibration: { ...calibration!, error: calibration!.error + 0.01 } }),
      /is not that of its bins/,
    ],
  ])('with other %s does not agree with itself', async (_what, change, message) => {
    const cell = await completed(await world({ corruptions: [invert] }), plan);
    expect(inconsistency(cell)).toBeNull();
    expect(inconsistency({ ...cell, ...change(cell) })).toMatch(message);
  });
});
