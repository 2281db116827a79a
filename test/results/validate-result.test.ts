import { describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { attackOutput } from '../../src/results/attack-output.js';
import { parseResult, validateResult } from '../../src/results/validate.js';
import { completed, exampleSpecs, exampleSuite, failed, model } from './example-run.js';

const [pgd, curve, , contrast] = exampleSpecs(await exampleSuite(), [model('first')]);
const cell = completed(pgd!, 'rrrrrfffwi');
const targeted = {
  ...cell,
  plan: { kind: 'attack', stages: [{ ...pgd!.plan, goal: {} }] },
};

describe('a cell as the harness writes it', () => {
  it.each([
    ['of an attack', cell],
    ['of a curve', completed(curve!, 'rrrrrrrrfw', 'rrrffffffw')],
    ['of a corruption', completed(contrast!, 'rrrrrrrrfw')],
    ['that failed', failed(pgd!)],
    ['that does not apply', failed(pgd!, 'not-applicable')],
    ['that ran out of time', failed(pgd!, 'timed-out')],
  ])('%s is valid', (_what, value) => {
    expect(validateResult('cell', value, 'x.json')).toBe(value);
    expect(parseResult('cell', JSON.stringify(value), 'x.json')).toEqual(value);
  });
});

describe('a cell that was tampered with', () => {
  const without = (...keys: (keyof CompletedCell)[]) =>
    Object.fromEntries(Object.entries(cell).filter(([key]) => !keys.some((other) => other === key)));

  it.each<[string, unknown, RegExp]>([
    ['an unknown field', { ...cell, note: 'hello' }, /note: there is no property "note"/],
    ['no timing', without('timing'), /the property "timing" is missing/],
    ['no distances', without('distances'), /the property "distances" is missing/],
    ['another schema version', { ...cell, schemaVersion: 2 }, /schemaVersion: must be 1/],
    ['an unknown status', { ...cell, status: 'fine' }, /\(root\).*"status"/],
    ['an outcome letter of no meaning', { ...cell, outcomes: 'rrrrrfffwx' }, /outcomes: must match pattern/],
    [
      'an infinite distance as text',
      { ...cell, distances: Array(10).fill('inf') },
      /distances\[0\]: must be number,null/,
    ],
    ['a stage without goal', targeted, /plan\.stages\[0\]/],
    [
      'a completed cell with a reason',
      { ...cell, reason: { code: 'X', message: '' } },
      /reason: there is no property/,
    ],
    [
      'an unfinished cell with an accuracy',
      { ...failed(pgd!), robust: cell.robust },
      /robust: there is no property/,
    ],
    [
      'a witness file outside the folder',
      { ...cell, witnesses: { ...cell.witnesses, file: '../../etc/passwd.npz' } },
      /witnesses\.file: must match pattern/,
    ],
    ['an array', [cell], /\(root\): must be object/],
  ])('%s is refused with its place', (_what, value, message) => {
    expect(() => validateResult('cell', value, 'cells/x.json')).toThrow(message);
    expect(() => validateResult('cell', value, 'cells/x.json')).toThrow(/^cells\/x\.json: /);
  });

  it.each<[string, Partial<CompletedCell>, RegExp]>([
    [
      'a better count',
      { robust: { ...cell.robust, correct: 9 } },
      /robust\.correct is 9, but the outcomes have 5 r/,
    ],
    ['fewer invalid examples', { invalid: 0 }, /invalid is 0, but the outcomes have 1 i/],
    ['another n', { n: 11 }, /data\.indices has 10 elements, n is 11/],
    ['a missing outcome', { outcomes: 'rrrrrfffw' }, /outcomes has 9 elements, n is 10/],
    ['a missing distance', { distances: [0] }, /distances has 1 elements/],
    ['another n of the clean count', { clean: { ...cell.clean, n: 9 } }, /clean\.n is 9, n is 10/],
    ['more than all correct', { clean: { ...cell.clean, correct: 11 } }, /clean\.correct is 11 of 10/],
    [
      'a narrower interval',
      { robust: { ...cell.robust, interval: { ...cell.robust.interval, lower: 0.4 } } },
      /robust\.interval is not the Wilson interval of 5 of 10/,
    ],
    ['a stage count of its own', { stages: [{ ...cell.stages[0]!, robust: 6 }] }, /stages\[0\] has counts/],
    ['a stage less', { stages: [] }, /there are 0 stages, the plan has 1/],
    [
      'more witnesses than fooled',
      { witnesses: { ...cell.witnesses!, count: 4 } },
      /witnesses\.count is 4, but only 3/,
    ],
    [
      'an example twice',
      { data: { ...cell.data, indices: Array<number>(10).fill(3) } },
      /names an example twice/,
    ],
  ])('%s does not agree with the rest', (_what, change, message) => {
    expect(() => validateResult('cell', { ...cell, ...change }, 'x.json')).toThrow(message);
  });
});

describe('a result file', () => {
  it.each([
    ['cell', 'RESULT_INVALID'],
    ['leaderboard', 'RESULT_INVALID'],
    ['run', 'RESULT_INVALID'],
    ['thresholds', 'THRESHOLDS_INVALID'],
  ] as const)('of kind %s that is cut off is %s', (kind, key) => {
    expect(() => parseResult(kind, '{"schemaVersion": 1, "ki', 'x.json')).toThrow(
      expect.objectContaining({ key }),
    );
    expect(() => parseResult(kind, '{}', 'x.json')).toThrow(expect.objectContaining({ key }));
  });
});

describe('the output of an attack', () => {
  it('is what the cell says, without the parts that only a run has', () => {
    const output = attackOutput(cell);
    expect(output).toMatchObject({
      schemaVersion: 1,
      model: cell.model,
      attack: { id: 'pgd', version: '1', parameters: { steps: 40 } },
      threat: { kind: 'lp', norm: 'linf', epsilon: 0.1 },
      n: 10,
      clean: { correct: 9 },
      robust: { correct: 5, interval: { method: 'wilson' } },
      outcomes: 'rrrrrfffwi',
      seed: 7,
    });
    expect(output.distances).toEqual([null, null, null, null, null, 0.1, 0.1, 0.1, 0, null]);
  });

  it('does not exist for a corruption', () => {
    expect(() => attackOutput(completed(contrast!, 'r'.repeat(10)))).toThrow(/corruption cell/);
  });
});
