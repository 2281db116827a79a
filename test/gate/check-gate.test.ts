import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CellResult } from '../../src/evaluate/cell.js';
import { checkGate } from '../../src/gate/check.js';
import { renderGate } from '../../src/gate/render.js';
import { decodeRuns, encodeRuns } from '../../src/gate/run-length.js';
import { thresholdsFrom } from '../../src/gate/thresholds.js';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import { jsonText } from '../../src/results/json-text.js';
import { runManifest } from '../../src/results/manifest.js';
import type { Thresholds } from '../../src/results/schema/thresholds.js';
import { parseResult, validateResult } from '../../src/results/validate.js';
import { deriveSuite } from '../../src/suite/derive.js';
import {
  completed,
  exampleRun,
  exampleSpecs,
  exampleSuite,
  failed,
  model,
  OUTCOMES,
} from '../results/example-run.js';

const { manifest, cells, specs } = await exampleRun();
const leaderboard = buildLeaderboard(manifest, cells);
const thresholds = thresholdsFrom(leaderboard, cells, 0.1);

/** The gate's report on the example run with other outcomes. */
async function check(changes: Record<string, readonly string[]>, rules: Partial<Thresholds> = {}) {
  const run = await exampleRun({ 'second pgd-linf': ['rrrrffffff'], ...changes });
  return checkGate({ ...thresholds, ...rules }, buildLeaderboard(run.manifest, run.cells), run.cells);
}

const withRules = (...rules: Thresholds['rules']) => ({ rules });

describe('thresholds made from a run', () => {
  it('have a rule per model and column, with what the run had', () => {
    expect(validateResult('thresholds', thresholds, 'x')).toBe(thresholds);
    expect(thresholds.suite).toEqual({
      id: 'example',
      version: 1,
      fingerprint: leaderboard.suite.fingerprint,
    });
    expect(thresholds.rules).toHaveLength(10);
    expect(thresholds.rules[1]).toEqual({
      model: 'first',
      column: 'pgd-linf',
      minimum: 0.5,
      baseline: { correct: 6, n: 10, outcomes: { 'pgd-linf': '6r3f1w' } },
    });
  });

  it('are met by that run, also after a way through a file', async () => {
    const read = parseResult('thresholds', jsonText(thresholds), 'thresholds.json');
    expect(await checkGate(read, leaderboard, cells)).toEqual({
      passed: true,
      suite: thresholds.suite,
      checked: 10,
      failures: [],
      unguarded: [],
      warnings: [],
    });
  });

  it('keep the expressions of the ones before', () => {
    const expression = { model: '*', expression: 'clean > 0.5' };
    const previous = { ...thresholds, rules: [...thresholds.rules, expression] };
    expect(thresholdsFrom(leaderboard, cells, 0.1, previous)).toEqual(previous);
  });

  it('are not made from an incomplete run', () => {
    const broken = buildLeaderboard(manifest, cells.slice(1));
    expect(() => thresholdsFrom(broken, cells)).toThrow(expect.objectContaining({ key: 'RUN_INCOMPLETE' }));
  });

  it('allow a loss of a hundredth by default, and never go below zero', () => {
    const minimums = (slack?: number) =>
      thresholdsFrom(leaderboard, cells, slack).rules.map((rule) =>
        'minimum' in rule ? rule.minimum : null,
      );
    expect(minimums()[1]).toBe(0.59);
    expect(minimums(0.7)[1]).toBe(0);
  });
});

describe('the gate', () => {
  it('lets a run pass that loses exactly the slack', async () => {
    expect((await check({ 'first pgd-linf': ['rrrrrffffw'] })).passed).toBe(true);
  });

  it('fails on one newly fooled example beyond the slack, and names those that were lost', async () => {
    const report = await check({ 'first pgd-linf': ['ffrrrrfffw'] });
    expect(report.passed).toBe(false);
    expect(report.failures).toEqual([
      {
        reason: 'below-minimum',
        model: 'first',
        subject: 'pgd-linf',
        expected: '>= 0.5',
        found: '0.4 (4 of 10)',
        interval: expect.objectContaining({ method: 'wilson' }),
        newlyFooled: [100, 101],
      },
    ]);
  });

  it('names examples that became invalid or wrong among the lost ones', async () => {
    const report = await check({ 'first pgd-linf': ['iwrrrrfffw'] });
    expect(report.failures.map((failure) => failure.newlyFooled)).toEqual([[100, 101]]);
  });

  it('names each lost example of a corruption once, whatever the severity', async () => {
    const report = await check({ 'first contrast-1': ['frrrrrrrff'], 'first contrast-3': ['fffrrrrfff'] });
    expect(report.failures).toMatchObject([
      { subject: 'contrast', newlyFooled: [100, 101, 102, 108] },
      { subject: 'mean-corruption', newlyFooled: [] },
    ]);
  });

  it('decides by count, for every n and slack', async () => {
    const n = 10;
    const counts = fc.integer({ min: 0, max: n });
    await fc.assert(
      fc.asyncProperty(counts, counts, counts, async (before, after, lost) => {
        const outcomes = (correct: number) => ['r'.repeat(correct) + 'f'.repeat(n - correct)];
        const baseline = await exampleRun({ 'first pgd-linf': outcomes(before) });
        const made = thresholdsFrom(
          buildLeaderboard(baseline.manifest, baseline.cells),
          baseline.cells,
          lost / n,
        );
        const run = await exampleRun({ 'first pgd-linf': outcomes(after) });
        const rules = made.rules.filter(
          (rule) => 'column' in rule && rule.column === 'pgd-linf' && rule.model === 'first',
        );
        const report = await checkGate(
          { ...made, rules },
          buildLeaderboard(run.manifest, run.cells),
          run.cells,
        );
        expect(report.passed).toBe(after >= before - lost);
      }),
      { numRuns: 60 },
    );
  });

  it('fails on a rule for a model or column the run lacks', async () => {
    const report = await check(
      {},
      withRules(
        { model: 'third', column: 'pgd-linf', minimum: 0 },
        { model: 'first', column: 'pgd-l2', minimum: 0 },
        { model: 'zoo-*', expression: 'clean >= 0' },
        { model: 'first', expression: 'pgd_l2 >= 0' },
      ),
    );
    expect(report.failures.map(({ reason, model: id }) => [reason, id])).toEqual([
      ['missing-model', 'third'],
      ['missing-column', 'first'],
      ['missing-model', 'zoo-*'],
      ['missing-column', 'first'],
    ]);
  });

  it.each(['error', 'timed-out', 'not-applicable'] as const)(
    'fails once on a row with a cell that is %s, even when no rule concerns it',
    async (status) => {
      const broken: CellResult[] = cells.with(0, failed(specs[0]!, status));
      const board = buildLeaderboard(manifest, broken);
      const failures = [
        { reason: 'incomplete', model: 'first', subject: null, found: `pgd-linf: ${status}` },
      ];
      expect((await checkGate(thresholds, board, broken)).failures).toMatchObject(failures);
      const other = { ...thresholds, rules: [{ model: 'second', column: 'clean', minimum: 0.1 }] };
      expect((await checkGate(other, board, broken)).failures).toMatchObject(failures);
    },
  );

  it('fails on an empty run', async () => {
    const report = await checkGate(thresholds, buildLeaderboard(manifest, []), []);
    expect(report.failures.map((failure) => failure.reason)).toEqual(['incomplete', 'incomplete']);
  });

  it('checks an expression on every model its glob matches', async () => {
    const report = await check({}, withRules({ model: '*', expression: 'pgd_linf >= 0.6 * clean' }));
    expect(report.checked).toBe(2);
    expect(report.failures).toEqual([
      {
        reason: 'false-expression',
        model: 'second',
        subject: 'pgd_linf >= 0.6 * clean',
        expected: 'true',
        found: 'clean = 1, pgd_linf = 0.4',
        interval: null,
        newlyFooled: [],
      },
    ]);
  });

  it('lets expressions read single severities', async () => {
    expect((await check({}, withRules({ model: '*', expression: 'contrast_3 < contrast_1' }))).passed).toBe(
      true,
    );
  });

  it('fails on an expression without value', async () => {
    const report = await check(
      { 'first pgd-linf': ['ffffffffff'] },
      withRules({ model: 'first', expression: 'clean / pgd_linf >= 0' }),
    );
    expect(report.failures).toMatchObject([{ reason: 'undefined-expression', model: 'first' }]);
  });

  it('does not run an expression that is more than one', async () => {
    const rules = withRules({ model: '*', expression: 'f(x) = x' });
    await expect(check({}, rules)).rejects.toMatchObject({ key: 'EXPRESSION_INVALID' });
  });

  it('names models that no rule concerns', async () => {
    const report = await check({}, withRules({ model: 'first', column: 'clean', minimum: 0.1 }));
    expect(report).toMatchObject({ passed: true, unguarded: ['second'] });
  });

  it('refuses a run of another suite, also of a derived one', async () => {
    const derived = deriveSuite(await exampleSuite(), { examples: 10, seed: 9 });
    const planned = exampleSpecs(derived, [model('first')]);
    const results = planned.map((spec) => completed(spec, ...OUTCOMES[spec.entry]!));
    const board = buildLeaderboard(runManifest(derived, planned), results);
    await expect(checkGate(thresholds, board, results)).rejects.toMatchObject({
      key: 'THRESHOLDS_MISMATCH',
      message: expect.stringMatching(/example version 1 .* example\+seed=9 version 1/),
    });
  });

  it('refuses a run on other content of the data set', async () => {
    await expect(
      checkGate({ ...thresholds, data: 'd'.repeat(64) }, leaderboard, cells),
    ).rejects.toMatchObject({
      key: 'THRESHOLDS_MISMATCH',
    });
  });
});

describe('the gate on screen', () => {
  it('is one line when passed', async () => {
    expect(renderGate(await check({}))).toBe('Gate passed: 10 rules of example version 1 met.\n');
  });

  it('is a table of what fell short otherwise', async () => {
    const report = await check(
      { 'first pgd-linf': ['ffrrrrfffw'] },
      withRules(thresholds.rules[1]!, { model: 'first', expression: 'pgd_linf > 0.9' }),
    );
    expect(renderGate(report)).toBe(`model  rule            expected  found           newly fooled
first  pgd-linf        >= 0.5    0.4 (4 of 10)   2: 100, 101
                                 [16.8, 68.7] %
first  pgd_linf > 0.9  true      pgd_linf = 0.4

Gate failed: 2 of 2 rules of example version 1 not met.
No rule concerns second.
`);
  });
});

describe('run-length coded outcomes', () => {
  it('decode to what was encoded, and are valid in thresholds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('r', 'f', 'w', 'i') }), (outcomes) => {
        expect(decodeRuns(encodeRuns(outcomes), outcomes.length)).toBe(outcomes);
        expect(encodeRuns(outcomes)).toMatch(/^([1-9][0-9]*[rfwi])*$/);
      }),
    );
  });

  it('cannot blow up', () => {
    expect(decodeRuns('999999999999r', 5)).toBe('rrrrr');
  });
});
