import { describe, expect, it } from '@jest/globals';
import type { CellPlan } from '../../src/evaluate/cell.js';
import { checkGate } from '../../src/gate/check.js';
import { rowMetrics } from '../../src/gate/metrics.js';
import { renderGate } from '../../src/gate/render.js';
import { thresholdsFrom } from '../../src/gate/thresholds.js';
import { resolveBaseline, type RunResults } from '../../src/leaderboard/baseline.js';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import type { Thresholds } from '../../src/results/schema/thresholds.js';
import { validateResult } from '../../src/results/validate.js';
import { corruptionRun, corruptionSuite } from '../leaderboard/corruption-run.js';
import { failed } from '../results/example-run.js';

const suite = await corruptionSuite();
const outcomes = { '*': 'rrrrrrfffw', 'a fog-1': 'rrrrrrrrfw' };
const run = corruptionRun(suite, outcomes);

function board({ manifest, cells }: RunResults, baseline?: string) {
  const named = baseline === undefined ? undefined : resolveBaseline(baseline, [{ manifest, cells }]);
  return buildLeaderboard(manifest, cells, named);
}

const leaderboard = board(run, 'b');
const thresholds = thresholdsFrom(leaderboard, run.cells, 0);

const check = (expression: string, baseline?: string) =>
  checkGate({ ...thresholds, rules: [{ model: 'a', expression }] }, board(run, baseline), run.cells);

describe('gate expressions on corruptions', () => {
  it('read the mean accuracy, errors against a baseline, and calibration', () => {
    expect(rowMetrics(leaderboard.rows[0]!)).toMatchObject({
      mean_corruption: 26 / 40,
      mean_corruption_error: 14 / 40,
      mce: expect.closeTo((6 / 8 + 1) / 2, 12),
      relative_mce: expect.closeTo((4 / 6 + 1) / 2, 12),
      corruption_confidence: expect.closeTo(0.75, 12),
      corruption_calibration_error: expect.closeTo((0.05 + 3 * 0.15) / 4, 12),
    });
  });

  it.each([
    ['mean_corruption >= 0.65', true],
    ['mean_corruption >= 0.66', false],
    ['mce < 0.9 and relative_mce < 0.9', true],
    ['mce < 0.8', false],
    ['corruption_calibration_error < 0.2', true],
  ])('%s is %p', async (expression, passed) => {
    expect((await check(expression, 'b')).passed).toBe(passed);
  });

  it('say that a baseline is needed, or why there is no figure against it', async () => {
    const found = async (baseline?: string) => (await check('mce < 2', baseline)).failures[0]!.found;
    expect(await found()).toBe('there is no mce in the row; mce needs a baseline, and none was named');
    const flawless = corruptionRun(suite, { 'a fog-1': 'rrrrrrrrrf' });
    const rules = [{ model: 'a', expression: 'mce < 2' }];
    const report = await checkGate({ ...thresholds, rules }, board(flawless, 'b'), flawless.cells);
    expect(report.failures[0]!.found).toBe(
      'there is no mce in the row; mce: fog: the baseline makes no error',
    );
  });
});

describe('thresholds of a run with corruptions', () => {
  it('record how the corruptions were made, on which images, and what errors are divided by', () => {
    const hash: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(validateResult('thresholds', thresholds, 'x')).toBe(thresholds);
    expect(thresholds).toMatchObject({
      corruptions: { fog: { conditions: hash, images: hash }, contrast: { conditions: hash, images: hash } },
      corruptionBaseline: { id: 'b', kind: 'model', sha256: run.manifest.models[1]!.sha256 },
    });
    expect(thresholdsFrom(board(run), run.cells, 0)).not.toHaveProperty('corruptionBaseline');
  });

  it('are met by that run, and guard the mean', async () => {
    expect(await checkGate(thresholds, leaderboard, run.cells)).toMatchObject({ passed: true, warnings: [] });
    const worse = corruptionRun(suite, { ...outcomes, 'a contrast-2': 'rrrrrffffw' });
    const report = await checkGate(thresholds, board(worse, 'b'), worse.cells);
    expect(report.failures.map(({ subject }) => subject)).toEqual(['contrast', 'mean-corruption']);
  });

  const mismatch = (message: RegExp) =>
    expect.objectContaining({ key: 'THRESHOLDS_MISMATCH', message: expect.stringMatching(message) });

  it.each<[string, (plan: CellPlan) => CellPlan]>([
    ['parameters', (plan) => ({ ...plan, parameters: { c: 2 } }) as CellPlan],
    ['quirks', (plan) => ({ ...plan, quirks: 'fixed' }) as CellPlan],
    ['a version of the plugin', (plan) => ({ ...plan, corruption: { id: 'fog', version: '2' } }) as CellPlan],
  ])('are not held against corruptions of other %s', async (_what, change) => {
    const other = corruptionRun(suite, outcomes, (cell) =>
      cell.entry.startsWith('fog') ? { ...cell, plan: change(cell.plan) } : cell,
    );
    await expect(checkGate(thresholds, board(other, 'b'), other.cells)).rejects.toEqual(
      mismatch(/corruption fog was made otherwise/),
    );
  });

  it('are not held against errors divided by another baseline', async () => {
    await expect(checkGate(thresholds, board(run, 'a'), run.cells)).rejects.toEqual(
      mismatch(/divided by b \(model, .*, the run's are divided by a \(model, /),
    );
  });

  it('warn of corrupted images that are others, though made in the same way', async () => {
    const other = corruptionRun(suite, outcomes, (cell) =>
      cell.entry === 'fog-2' ? { ...cell, contentHash: 'd'.repeat(64) } : cell,
    );
    const report = await checkGate(thresholds, board(other, 'b'), other.cells);
    expect(report.passed).toBe(true);
    expect(report.warnings).toEqual([expect.stringMatching(/^The corrupted images of fog are not those/)]);
    expect(renderGate(report)).toContain(report.warnings[0]);
  });

  it('say that a run is incomplete, not that it measured otherwise, when cells are missing', async () => {
    const cells = run.cells.filter(({ entry }) => entry !== 'fog-2');
    const report = await checkGate(thresholds, board({ ...run, cells }), cells);
    expect(report.failures.map(({ reason }) => reason)).toContain('incomplete');
    const broken = corruptionRun(suite, outcomes, (cell, spec) =>
      spec.entry === 'fog-2' ? failed(spec) : cell,
    );
    expect((await checkGate(thresholds, board(broken), broken.cells)).passed).toBe(false);
  });

  it('that record none of this, as older ones, are held against any', async () => {
    const { schemaVersion, kind, suite: ofSuite, rules } = thresholds;
    const older: Thresholds = { schemaVersion, kind, suite: ofSuite, rules };
    expect((await checkGate(older, board(run, 'a'), run.cells)).passed).toBe(true);
  });
});
