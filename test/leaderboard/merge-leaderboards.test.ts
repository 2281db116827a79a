import { describe, expect, it } from '@jest/globals';
import type { CellPlan, CellResult } from '../../src/evaluate/cell.js';
import { resolveBaseline } from '../../src/leaderboard/baseline.js';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import { rowNames } from '../../src/leaderboard/row-columns.js';
import { mergeLeaderboards } from '../../src/leaderboard/merge.js';
import { runManifest } from '../../src/results/manifest.js';
import type { Leaderboard } from '../../src/results/schema/leaderboard.js';
import { validateResult } from '../../src/results/validate.js';
import { deriveSuite, type SuiteChanges } from '../../src/suite/derive.js';
import { completed, exampleSpecs, exampleSuite, failed, model } from '../results/example-run.js';
import { corruptionRun, corruptionSuite } from './corruption-run.js';

const suite = await exampleSuite('rank: pgd-linf\n');

function run(id: string, outcomes: string, changes: SuiteChanges = {}, broken = false): Leaderboard {
  const derived = deriveSuite(suite, changes);
  const gradient = changes.straightThrough === true ? { gradient: 'straight-through' as const } : {};
  const specs = exampleSpecs(derived, [{ ...model(id), ...gradient }]);
  const cells = specs.map((spec, i): CellResult =>
    broken && i === 0 ? failed(spec) : completed(spec, outcomes, outcomes),
  );
  return buildLeaderboard(runManifest(derived, specs), cells);
}

describe('merged leaderboards', () => {
  it('have the rows of all runs, ranked together, and name every suite they are of', () => {
    const merged = mergeLeaderboards([run('a', 'rrrrffffff'), run('b', 'rrrrrrrrff', { models: ['b'] })]);
    expect(merged.rows.map((row) => [row.model.id, row.rank])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(merged.suite.id).toBe('example, example+models=b');
    expect(validateResult('leaderboard', merged, 'x')).toBe(merged);
  });

  it('have a row each for exact and straight-through gradients of a model, named apart', () => {
    const merged = mergeLeaderboards([
      run('a', 'rrrrffffff'),
      run('a', 'rrffffffff', { straightThrough: true }),
    ]);
    expect(merged.rows.map((row) => row.model.gradient)).toEqual([undefined, 'straight-through']);
    expect(merged.rows.flatMap((row) => row.flags)).toEqual([]);
    expect(new Set(rowNames(merged.rows).values()).size).toBe(2);
  });

  it('of one run are that run', () => {
    const one = run('a', 'rrrrffffff');
    expect(mergeLeaderboards([one])).toEqual(one);
    expect(mergeLeaderboards([one, one])).toEqual(one);
  });

  it('of several suites fit the thresholds of none of them', () => {
    const parts = [run('a', 'rrrrffffff'), run('b', 'rrrrrrrrff', { models: ['b'] })];
    const merged = mergeLeaderboards(parts);
    expect(parts.map((part) => part.suite.fingerprint)).not.toContain(merged.suite.fingerprint);
    expect(mergeLeaderboards(parts.toReversed()).suite.fingerprint).toBe(merged.suite.fingerprint);
  });

  it('keep both rows of a model that runs disagree on, and say so', () => {
    const merged = mergeLeaderboards([run('a', 'rrrrffffff'), run('a', 'rrrrrrffff')]);
    expect(merged.rows).toHaveLength(2);
    expect(merged.rows.every((row) => row.flags.some((flag) => flag.code === 'runs-disagree'))).toBe(true);
  });

  it('prefer a complete row to an incomplete one of the same model', () => {
    const merged = mergeLeaderboards([run('a', 'rrrrffffff', {}, true), run('a', 'rrrrffffff')]);
    expect(merged.rows.map((row) => [row.complete, row.flags])).toEqual([[true, []]]);
  });

  it.each<SuiteChanges>([{ examples: 4 }, { seed: 8 }, { entries: ['pgd-linf'] }])(
    'of suites that differ in %j are refused',
    (changes) => {
      const other = run('b', changes.examples === undefined ? 'rrrrffffff' : 'rrrr', changes);
      expect(() => mergeLeaderboards([run('a', 'rrrrffffff'), other])).toThrow(
        expect.objectContaining({ key: 'SUITE_MISMATCH' }),
      );
    },
  );

  it('of different data under one name are refused', () => {
    const other = { ...run('b', 'rrrrffffff'), data: 'e'.repeat(64) };
    expect(() => mergeLeaderboards([run('a', 'rrrrffffff'), other])).toThrow(
      /different data under the name mnist/,
    );
  });

  it('say with which versions of the plugins they were measured', () => {
    const merged = mergeLeaderboards([run('a', 'rrrrffffff'), run('b', 'rrrrrrffff')]);
    expect(merged.columns.map(({ id, plugins }) => [id, plugins])).toEqual([
      ['clean', undefined],
      ['pgd-linf', [{ id: 'pgd', version: '1' }]],
      ['curve', [{ id: 'pgd', version: '1' }]],
      ['contrast', [{ id: 'contrast', version: '1' }]],
      ['mean-corruption', undefined],
    ]);
  });

  it.each([
    ['another version', { id: 'pgd', version: '2' }, /measured pgd-linf .*: pgd 1 and pgd 2\.$/],
    [
      'another file under the same version',
      { id: 'pgd', version: '1', sha256: 'e'.repeat(64) },
      /pgd 1 and pgd 1 \(eeeeeeee\)/,
    ],
    ['another attack under the same name', { id: 'bim', version: '1' }, /pgd 1 and bim 1/],
  ])('of runs with %s of an attack are refused, whichever comes first', (_what, plugin, message) => {
    const ours = run('a', 'rrrrffffff');
    const theirs = run('b', 'rrrrffffff');
    const changed = {
      ...theirs,
      columns: theirs.columns.map((column) =>
        column.id === 'pgd-linf' ? { ...column, plugins: [plugin] } : column,
      ),
    };
    const refused = expect.objectContaining({ key: 'SUITE_MISMATCH' });
    expect(() => mergeLeaderboards([ours, changed])).toThrow(message);
    expect(() => mergeLeaderboards([changed, ours])).toThrow(refused);
    expect(() => mergeLeaderboards([run('c', 'rrrrffffff', {}, true), changed, ours])).toThrow(refused);
  });

  it('of a run without any result take the versions of the others', () => {
    const empty = buildLeaderboard(runManifest(suite, exampleSpecs(suite, [model('a')])), []);
    const full = run('b', 'rrrrffffff');
    expect(mergeLeaderboards([empty, full]).columns).toEqual(full.columns);
  });

  it('of no run are a mistake', () => {
    expect(() => mergeLeaderboards([])).toThrow(expect.objectContaining({ key: 'USAGE' }));
  });
});

describe('merged leaderboards of corruptions', () => {
  const suiteWith = (fields: string) => corruptionSuite(undefined, '', fields);
  const outcomes = { '*': 'rrrrrrfffw', 'b fog-1': 'rrrrfffffw' };
  type Change = Parameters<typeof corruptionRun>[2];

  /** Leaderboard of one model, of cells that were changed after the fact. */
  async function board(only: string, fields = '', change?: Change, baseline?: string) {
    const results = corruptionRun({ ...(await suiteWith(fields)), models: [only] }, outcomes, change);
    const named = baseline === undefined ? undefined : resolveBaseline(baseline, [results]);
    return buildLeaderboard(results.manifest, results.cells, named);
  }
  const withParameters: Change = (cell) => ({
    ...cell,
    plan: { ...cell.plan, parameters: { c: 2 } } as CellPlan,
  });

  it.each([
    ['profile', ', profile: mnist', undefined, /measure differently: fog with profile cifar and mnist/],
    ['quirks', ', quirks: fixed', undefined, /fog with quirks reference and fixed at severity 1/],
    ['parameters', '', withParameters, /measured fog with parameters {} and {"c":2} at severity 1/],
  ])('are refused where the %s are others, and it is said', async (_what, fields, change, message) => {
    const [ours, theirs] = [await board('a'), await board('b', fields, change)];
    const refused = expect.objectContaining({
      key: 'SUITE_MISMATCH',
      message: expect.stringMatching(message),
    });
    expect(() => mergeLeaderboards([ours, theirs])).toThrow(refused);
  });

  it('are refused where the source of the images is another, whatever the plan calls it', async () => {
    const archive = { kind: 'cifar-c', sha256: 'e'.repeat(64) };
    const archived: Change = (cell) => ({
      ...cell,
      plan: { ...cell.plan, archive } as unknown as CellPlan,
    });
    const [ours, theirs] = [await board('a'), await board('b', '', archived)];
    expect(() => mergeLeaderboards([ours, theirs])).toThrow(
      /fog with archive none and {.*"sha256":"e{64}"} at severity 1/,
    );
  });

  it('are refused where errors are divided by different baselines, or by one and by none', async () => {
    const [ours, theirs] = [await board('a', '', undefined, 'a'), await board('b', '', undefined, 'b')];
    expect(() => mergeLeaderboards([ours, theirs])).toThrow(
      /divided by a \(model, [0-9a-f]{12}\) and by b \(/,
    );
    const undivided = await board('b');
    expect(() => mergeLeaderboards([undivided, ours])).toThrow(/divided by nothing and by a \(/);
  });

  it('flag rows whose corrupted images are others, though made in the same way', async () => {
    const elsewhere: Change = (cell) =>
      cell.entry === 'fog-2' ? { ...cell, contentHash: 'd'.repeat(64) } : cell;
    const merged = mergeLeaderboards([await board('a'), await board('b', '', elsewhere)]);
    expect(merged.rows.map((row) => row.flags)).toEqual([
      [],
      [
        {
          code: 'images-differ',
          entry: 'fog-2',
          message: expect.stringMatching(/not those of other rows: SHA-256 d{12}, elsewhere [0-9a-f]{12}\.$/),
        },
      ],
    ]);
    expect(validateResult('leaderboard', merged, 'x')).toBe(merged);
  });

  it('flag images that differ within one run, too', async () => {
    const results = corruptionRun(await suiteWith(''), outcomes, (cell, spec) =>
      spec.model.id === 'b' ? { ...cell, contentHash: 'd'.repeat(64) } : cell,
    );
    const { rows } = buildLeaderboard(results.manifest, results.cells.toReversed());
    expect(rows.map(({ flags }) => flags.filter(({ code }) => code === 'images-differ').length)).toEqual([
      0, 4,
    ]);
  });

  it('take the conditions from a run that measured something', async () => {
    const specs = exampleSpecs(await suiteWith(''), [model('a')]);
    const empty = buildLeaderboard(runManifest(await suiteWith(''), specs), []);
    const full = await board('b');
    expect(mergeLeaderboards([empty, full]).columns).toEqual(full.columns);
  });
});
