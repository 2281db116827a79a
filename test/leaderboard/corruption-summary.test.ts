import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { resolveBaseline, type RunResults } from '../../src/leaderboard/baseline.js';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import { publishedBaseline } from '../../src/metrics/corruption/baselines/published.js';
import { wilsonBounds } from '../../src/metrics/proportion.js';
import type { Leaderboard } from '../../src/results/schema/leaderboard.js';
import { validateResult } from '../../src/results/validate.js';
import { failed } from '../results/example-run.js';
import { corruptionRun, corruptionSuite } from './corruption-run.js';

const suite = await corruptionSuite();
const run = corruptionRun(suite, {
  'a fog-1': 'rrrrrrrrfw',
  'a fog-2': 'rrrrrrfffw',
  'a contrast-1': 'rrrrrrrrrw',
  'a contrast-2': 'rrrrrrrffw',
  'b fog-1': 'rrrrrrffww',
  'b fog-2': 'rrrfffffww',
  'b contrast-1': 'rrrrrrrrww',
  'b contrast-2': 'rrrrffffww',
});

function build({ manifest, cells }: RunResults, baseline?: string): Leaderboard {
  const named = baseline === undefined ? undefined : resolveBaseline(baseline, [{ manifest, cells }]);
  return buildLeaderboard(manifest, cells, named);
}

const [a, b] = build(run, 'b').rows;

describe('what corruption columns come to together', () => {
  it('is a column with the mean over corruptions and severities, and an interval over images', () => {
    expect(a!.columns['mean-corruption']).toMatchObject({
      status: 'completed',
      correct: 8 + 6 + 9 + 7,
      n: 40,
      accuracy: 0.75,
      interval: { method: 'bootstrap', level: 0.95 },
    });
  });

  it('has the unnormalised errors, which complement the accuracies', () => {
    expect(a!.corruption).toMatchObject({
      meanError: { value: 0.25 },
      corruptions: { fog: { unnormalisedError: 0.3 }, contrast: { unnormalisedError: 0.2 } },
    });
    const { interval } = a!.columns['mean-corruption'] as { interval: { lower: number; upper: number } };
    expect(a!.corruption!.meanError.interval.lower).toBeCloseTo(1 - interval.upper, 12);
  });

  it('has confidence and calibration as means over cells, and by severity', () => {
    expect(a!.corruption!.confidence).toBeCloseTo(0.75, 12);
    const errors = [0.05, 0.15, 0.15, 0.05];
    expect(a!.corruption!.calibrationError).toBeCloseTo(errors.reduce((sum, each) => sum + each) / 4, 12);
    expect(a!.columns['fog']).toMatchObject({
      severities: [
        { severity: 1, calibrationError: expect.closeTo(0.05, 12) },
        { severity: 2, calibrationError: expect.closeTo(0.15, 12) },
      ],
    });
  });

  it('is divided by a baseline only when one is named', () => {
    const plain = build(run);
    expect(plain.baseline).toBeUndefined();
    expect(plain.rows[0]!.corruption).not.toHaveProperty('mce');
    expect(plain.rows[0]!.corruption!.corruptions['fog']).not.toHaveProperty('ce');
  });

  it('is valid in a leaderboard, with a baseline and without', () => {
    for (const board of [build(run), build(run, 'b')])
      expect(validateResult('leaderboard', board, 'x')).toBe(board);
  });

  it('is not there while a cell is missing', () => {
    const broken = corruptionRun(suite, {}, (cell, spec) =>
      spec.model.id === 'a' && spec.entry === 'contrast-2' ? failed(spec) : cell,
    );
    const [row] = build(broken, 'b').rows;
    expect(row!.corruption).toBeUndefined();
    expect(row!.columns['mean-corruption']).toEqual({ status: 'error', reason: 'contrast-2: it broke' });
  });

  it('orders the rows when the suite says so', async () => {
    const ranked = corruptionRun(await corruptionSuite(undefined, 'rank: mean-corruption\n'), {
      'a fog-1': 'rrffffffff',
    });
    expect(build(ranked).rows.map((row) => [row.model.id, row.rank])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it("has Wilson's interval on images where all outcomes are alike, as drawing again would say nothing", () => {
    const [row] = build(corruptionRun(suite, {})).rows;
    const interval = { ...wilsonBounds(10, 10), level: 0.95, method: 'wilson-clustered' };
    expect(row!.columns['mean-corruption']).toMatchObject({ accuracy: 1, interval });
    expect(row!.corruption!.meanError).toEqual({
      value: 0,
      interval: { ...interval, lower: 0, upper: 1 - interval.lower },
    });
  });

  it('does not depend on the order in which the examples are listed', () => {
    const permuted =
      (order: readonly number[]) =>
      (cell: CompletedCell): CompletedCell => ({
        ...cell,
        data: { ...cell.data, indices: order.map((i) => cell.data.indices[i]!) },
        outcomes: order.map((i) => cell.outcomes[i]!).join(''),
      });
    const all = Array.from({ length: 10 }, (_value, i) => i);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 10 }), (order) => {
        const cells = run.cells.map((cell) => permuted(order)(cell as CompletedCell));
        const rows = build({ ...run, cells }, 'b').rows;
        expect(rows.map(({ corruption }) => corruption)).toEqual([a!.corruption, b!.corruption]);
        expect(rows[0]!.columns['mean-corruption']).toEqual(a!.columns['mean-corruption']);
      }),
      { numRuns: 5 },
    );
  });
});

describe('a baseline that is a model of the run', () => {
  it('divides sums of errors: CE, mCE, and their relatives', () => {
    expect(a!.corruption).toMatchObject({
      mce: { value: expect.closeTo((6 / 11 + 4 / 8) / 2, 12) },
      relativeMce: { value: expect.closeTo((4 / 7 + 2 / 4) / 2, 12) },
      corruptions: {
        fog: { ce: { value: expect.closeTo(6 / 11, 12) }, relativeCe: { value: expect.closeTo(4 / 7, 12) } },
        contrast: { ce: { value: 0.5 }, relativeCe: { value: expect.closeTo(2 / 4, 12) } },
      },
    });
  });

  it('is 1 everywhere against itself, and in every resample', () => {
    const one = { value: 1, interval: { lower: 1, upper: 1, level: 0.95, method: 'bootstrap' } };
    expect(b!.corruption!.mce).toEqual(one);
    expect(Object.values(b!.corruption!.corruptions).map(({ ce }) => ce)).toEqual([one, one]);
  });

  it('is in the leaderboard by name and hash, with the errors that were divided by', () => {
    expect(build(run, 'b').baseline).toEqual({
      id: 'b',
      kind: 'model',
      sha256: run.manifest.models[1]!.sha256,
      clean: 0.2,
      errors: { fog: expect.closeTo(11 / 20, 12), contrast: expect.closeTo(8 / 20, 12) },
    });
  });

  it('that makes no error gives a reason and no number, and nothing else suffers', () => {
    const flawless = corruptionRun(suite, { 'a fog-1': 'rrrrrrrrrf', 'a contrast-1': 'ffrrrrrrrr' });
    const { corruption, columns } = build(flawless, 'b').rows[0]!;
    expect(corruption!.mce).toEqual({ value: null, reason: 'fog: the baseline makes no error' });
    expect(corruption!.relativeMce).toEqual({ value: null, reason: 'fog: the baseline loses no accuracy' });
    expect(columns['mean-corruption']).toMatchObject({ accuracy: 37 / 40 });
  });

  it('counts images as wrong without corruption that only a corruption made right', () => {
    const helped = corruptionRun(suite, { '*': 'rrrrrrrfff' }, (cell) => ({
      ...cell,
      repaired: [9, 8],
      clean: { ...cell.clean, correct: 8 },
    }));
    expect(build(helped, 'b').baseline).toMatchObject({ clean: 0.2 });
  });

  it('leaves relative errors open when cells do not say which images those are', () => {
    const old = corruptionRun(
      suite,
      { '*': 'rrrrrrrfff' },
      (cell) =>
        Object.fromEntries(
          Object.entries(cell).filter(([key]) => key !== 'repaired'),
        ) as unknown as CompletedCell,
    );
    const board = build(old, 'b');
    expect(board.baseline!.clean).toBeNull();
    expect(board.rows[0]!.corruption).toMatchObject({
      mce: { value: 1 },
      relativeMce: { value: null, reason: 'fog: errors without corruption are not known' },
    });
  });
});

describe('published errors as a baseline', () => {
  const published = publishedBaseline('alexnet')!;
  const five = { fog: [1, 2, 3, 4, 5], saturate: [1, 2, 3, 4, 5] };

  it('divide results of their own set, at all of their severities', async () => {
    const imagenet = corruptionRun(await corruptionSuite(five, '', ', profile: imagenet'), {
      '*': 'rrrrrrrfff',
    });
    const board = build(imagenet, 'alexnet');
    expect(board.baseline).toMatchObject({
      id: 'alexnet',
      kind: 'published',
      clean: 0.435,
      errors: { fog: expect.closeTo(published.errors['fog']!, 12) },
    });
    expect(board.rows[0]!.corruption).toMatchObject({
      mce: { value: expect.closeTo(0.3 / published.errors['fog']!, 12) },
      corruptions: {
        fog: { ce: { value: expect.closeTo(0.3 / published.errors['fog']!, 12) } },
        saturate: { ce: { value: null, reason: 'the baseline has no errors for it' } },
      },
    });
    expect(validateResult('leaderboard', board, 'x')).toBe(board);
  });

  it('are no mCE for fewer severities', async () => {
    const some = corruptionRun(await corruptionSuite({ fog: [1, 3] }, '', ', profile: imagenet'), {});
    expect(build(some, 'alexnet').rows[0]!.corruption!.mce).toEqual({
      value: null,
      reason: "fog: the baseline's errors are over 5 severities, not 2",
    });
  });

  it('give way to a model of the run that has their name', async () => {
    const named = { ...(await corruptionSuite()), models: ['a', 'alexnet'] };
    expect(build(corruptionRun(named, { '*': 'rrrrrrrfff' }), 'alexnet').baseline!.kind).toBe('model');
  });
});

describe('a baseline that is refused', () => {
  const imagenet = { saturate: [1, 2, 3, 4, 5] };
  it.each<[string, string, () => Promise<RunResults> | RunResults, RegExp]>([
    ['unknown', 'resnet', () => run, /no baseline "resnet"; there are a, b, alexnet/],
    ['of another set', 'alexnet', () => run, /profile imagenet; fog is of cifar/],
    [
      'without errors for any corruption',
      'alexnet',
      async () => corruptionRun(await corruptionSuite(imagenet, '', ', profile: imagenet'), {}),
      /errors for none of the corruptions/,
    ],
    [
      'a model without results',
      'b',
      () => corruptionRun(suite, {}, (cell, spec) => (spec.model.id === 'b' ? failed(spec) : cell)),
      /b has no result for fog-1, fog-2, contrast-1, contrast-2/,
    ],
    [
      'named for a run without corruptions',
      'b',
      () => ({ ...run, manifest: { ...run.manifest, columns: run.manifest.columns.slice(0, 1) } }),
      /no corruption columns/,
    ],
  ])('is %s', async (_what, name, results, message) => {
    const found = await results();
    expect(() => resolveBaseline(name, [found])).toThrow(
      expect.objectContaining({ key: 'BASELINE_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('is one that was measured on other images', async () => {
    const baseline = resolveBaseline('b', [run]);
    const { manifest, cells } = corruptionRun(
      { ...(await corruptionSuite()), examples: { first: 3 } },
      { '*': 'rrf' },
    );
    expect(() => buildLeaderboard(manifest, cells, baseline)).toThrow(
      expect.objectContaining({ key: 'BASELINE_INVALID' }),
    );
  });
});
