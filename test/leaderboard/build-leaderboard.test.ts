import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import { renderLeaderboard } from '../../src/leaderboard/render.js';
import { wilsonBounds } from '../../src/metrics/proportion.js';
import { jsonText } from '../../src/results/json-text.js';
import { runManifest } from '../../src/results/manifest.js';
import { validateResult } from '../../src/results/validate.js';
import { parseSuite } from '../../src/suite/read.js';
import { completed, exampleRun, exampleSpecs, exampleSuite, failed, model } from '../results/example-run.js';

const { suite, manifest, cells, specs } = await exampleRun();
const leaderboard = buildLeaderboard(manifest, cells);
const [first, second] = leaderboard.rows;

describe('a leaderboard', () => {
  it('is valid, names its suite and has a row per model and a column per entry', () => {
    expect(validateResult('leaderboard', leaderboard, 'x')).toBe(leaderboard);
    expect(leaderboard.suite).toMatchObject({ id: 'example', version: 1, n: 10, seed: 7 });
    expect(leaderboard.rows.map((row) => row.model.id)).toEqual(['first', 'second']);
    expect(
      leaderboard.columns.map(({ id, title, kind, upperBound, attacks }) => [
        id,
        title,
        kind,
        upperBound,
        attacks,
      ]),
    ).toEqual([
      ['clean', 'Clean accuracy', 'clean', false, []],
      ['pgd-linf', 'PGD-40 Linf 0.1 accuracy, an upper bound', 'attack', true, ['pgd']],
      ['curve', 'PGD L2 0.5 to 1 accuracy, an upper bound', 'curve', true, ['pgd']],
      ['contrast', 'Contrast accuracy, mean over severities 1, 3', 'corruption', false, []],
      ['mean-corruption', 'Mean corruption accuracy', 'corruption-mean', false, []],
    ]);
  });

  it('says which plugins a composite stands for, with their versions', () => {
    const composite = { plugin: { id: 'cascade', version: '3' }, parameters: {} };
    const planned = cells.map((cell) =>
      cell.plan.kind === 'attack'
        ? { ...cell, plan: { kind: 'cascade' as const, stages: cell.plan.stages, composite } }
        : cell,
    );
    const built = buildLeaderboard(manifest, planned);
    expect(built.columns[1]!.plugins).toEqual([composite.plugin, { id: 'pgd', version: '1' }]);
    expect(validateResult('leaderboard', built, 'x')).toBe(built);
  });

  it('marks models whose gradients were not exact, or that draw random numbers', () => {
    const models = [{ ...model('first'), gradient: 'straight-through' as const }, model('second')];
    const planned = specs.map((spec) => (spec.model.id === 'first' ? { ...spec, model: models[0]! } : spec));
    const drawing = cells.map((cell) =>
      cell.model.id === 'second' ? { ...cell, model: { ...cell.model, stochastic: true as const } } : cell,
    );
    const built = buildLeaderboard({ ...manifest, models: runManifest(suite, planned).models }, drawing);
    expect(validateResult('leaderboard', built, 'x')).toBe(built);
    expect(built.rows.map((row) => row.model)).toMatchObject([
      { gradient: 'straight-through' },
      { stochastic: true },
    ]);
    const text = renderLeaderboard(built);
    expect(text).toMatch(/^first: straight-through gradients$/m);
    expect(text).toMatch(/^second: the model draws random numbers; .*the majority of 20 draws per example$/m);
  });

  it('counts robust examples and gives their interval', () => {
    expect(first!.columns['clean']).toMatchObject({ correct: 9, n: 10, accuracy: 0.9, invalid: 0 });
    expect(first!.columns['pgd-linf']).toEqual({
      status: 'completed',
      correct: 6,
      n: 10,
      accuracy: 0.6,
      interval: { ...wilsonBounds(6, 10), level: 0.95, method: 'wilson' },
      invalid: 0,
    });
    expect(second!.columns['pgd-linf']).toMatchObject({ correct: 4, accuracy: 0.4 });
  });

  it('shows a curve point by point and takes the largest budget as its number', () => {
    expect(first!.columns['curve']).toMatchObject({
      correct: 4,
      curve: [
        { epsilon: 0.5, correct: 8, n: 10 },
        { epsilon: 1, correct: 4, n: 10 },
      ],
    });
  });

  it('adds the severities of a corruption up', () => {
    expect(first!.columns['contrast']).toMatchObject({
      correct: 16,
      n: 20,
      accuracy: 0.8,
      interval: { method: 'wilson-clustered' },
      severities: [
        { severity: 1, correct: 9, n: 10 },
        { severity: 3, correct: 7, n: 10 },
      ],
    });
  });

  it('is the same to the byte for the same cells in any order, whatever the timing', () => {
    const text = jsonText(leaderboard);
    const indices = cells.map((_cell, i) => i);
    fc.assert(
      fc.property(fc.shuffledSubarray(indices, { minLength: indices.length }), fc.nat(), (order, seconds) => {
        const shuffled = order.map((i) => ({ ...cells[i]!, timing: { ...cells[i]!.timing, seconds } }));
        expect(jsonText(buildLeaderboard(manifest, shuffled))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('never counts an invalid example as robust', async () => {
    const { manifest: run, cells: some } = await exampleRun({ 'first pgd-linf': ['rrrrriiffw'] });
    const value = buildLeaderboard(run, some).rows[0]!.columns['pgd-linf'];
    expect(value).toMatchObject({ correct: 5, n: 10, accuracy: 0.5, invalid: 2 });
  });

  it('ignores cells that the run did not plan', () => {
    const other = { ...completed(specs[0]!, 'ffffffffff'), fingerprint: 'a'.repeat(64) };
    expect(buildLeaderboard(manifest, [...cells, other])).toEqual(leaderboard);
  });

  it('carries the flags of its cells with the cell they are of', () => {
    const doubt = { code: 'tiny-margin', message: 'Very close.', evidence: { examples: [103] } };
    const flagged = cells.map((cell) =>
      cell.status === 'completed' && cell.entry === 'curve' ? { ...cell, flags: [doubt] } : cell,
    );
    expect(buildLeaderboard(manifest, flagged).rows[0]!.flags).toEqual([
      { code: 'tiny-margin', entry: 'curve', message: 'Very close.' },
    ]);
  });

  it('flags a model whose clean accuracy differs between cells', async () => {
    const { manifest: run, cells: some } = await exampleRun({ 'first curve': ['rrrrrrrrww', 'rrrrffffww'] });
    expect(buildLeaderboard(run, some).rows[0]!.flags).toMatchObject([
      { code: 'clean-disagrees', entry: 'curve' },
    ]);
  });

  it('refuses cells of different data', () => {
    const other = cells.with(1, { ...cells[1]!, data: { ...cells[1]!.data, fingerprint: 'b'.repeat(64) } });
    expect(() => buildLeaderboard(manifest, other)).toThrow(
      expect.objectContaining({ key: 'RESULT_INVALID' }),
    );
  });

  it('gives the median distance of a minimum-norm attack', async () => {
    const suite = await parseSuite(
      `id: m
version: 1
title: M
dataset: { source: mnist, split: test }
examples: { first: 5 }
models: [first]
seed: 1
entries: [{ id: fmn, kind: attack, attack: fmn, threat: { kind: minimum, norm: l2 } }]
`,
      '/x.yaml',
    );
    const [spec] = exampleSpecs(suite, [model('first')]);
    const median = (distances: (number | null)[], outcomes: string) => {
      const cell = { ...completed(spec!, outcomes), distances };
      return buildLeaderboard(runManifest(suite, [spec!]), [cell]).rows[0]!.columns['fmn'];
    };
    expect(median([0.5, 0.1, 0.3, 0, 2], 'fffwf')).toMatchObject({ medianDistance: 0.3 });
    expect(median([null, null, null, 0, 2], 'rrrwf')).toMatchObject({ medianDistance: null });
  });
});

describe('a row that is incomplete', () => {
  it.each(['error', 'timed-out', 'not-applicable'] as const)(
    'because a cell is %s has no number there',
    (status) => {
      const index = specs.findIndex((spec) => spec.model.id === 'first' && spec.entry === 'contrast-3');
      const row = buildLeaderboard(manifest, cells.with(index, failed(specs[index]!, status))).rows[0]!;
      expect(row.complete).toBe(false);
      expect(row.columns['contrast']).toEqual({ status, reason: 'contrast-3: it broke' });
      expect(row.columns['pgd-linf']).toMatchObject({ status: 'completed' });
    },
  );

  it('because a cell is missing says which', () => {
    const row = buildLeaderboard(manifest, cells.slice(1)).rows[0]!;
    expect(row.complete).toBe(false);
    expect(row.columns['pgd-linf']).toEqual({ status: 'missing', reason: 'there is no result for pgd-linf' });
  });

  it('stays in the table when nothing at all is there', () => {
    const empty = buildLeaderboard(manifest, []);
    expect(empty.rows.map((row) => [row.complete, row.columns['clean']!.status])).toEqual([
      [false, 'missing'],
      [false, 'missing'],
    ]);
    expect(validateResult('leaderboard', empty, 'x').data).toBeNull();
  });
});

describe('ranking', () => {
  const build = async (outcomes: Record<string, string>, broken: string[] = []) => {
    const suite = await exampleSuite('rank: pgd-linf\n');
    const planned = exampleSpecs(suite, Object.keys(outcomes).map(model));
    const results = planned.map((spec) =>
      broken.includes(spec.model.id) && spec.entry === 'curve'
        ? failed(spec)
        : completed(spec, outcomes[spec.model.id]!, outcomes[spec.model.id]!),
    );
    return buildLeaderboard(runManifest(suite, planned), results);
  };

  it('does not happen unless the suite asks for it', () => {
    expect(leaderboard.ranked).toBe(false);
    expect(leaderboard.rows.map((row) => row.rank)).toEqual([null, null]);
  });

  it('puts the most accurate first, lets equals share a rank and leaves incomplete rows out', async () => {
    const ranked = await build(
      { a: 'rrrrffffff', b: 'rrrrrrffff', c: 'rrrrrrrrrr', d: 'rrrrffffff', e: 'rrffffffff' },
      ['c'],
    );
    expect(ranked.ranked).toBe('pgd-linf');
    expect(ranked.rows.map((row) => [row.model.id, row.rank])).toEqual([
      ['b', 1],
      ['a', 2],
      ['d', 2],
      ['e', 4],
      ['c', null],
    ]);
  });
});
