import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Leaderboard } from '../../src/results/schema/leaderboard.js';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);

const suite = (quirks: string) => `id: corrupted
version: 1
title: Two corruptions
dataset: { source: mnist, split: test }
examples: { first: 500 }
models: [mnist-mlp-binenc, mnist-mlp-nopen]
seed: 3
entries:
  - { id: contrast, kind: corruption, corruption: contrast, severities: [3, 5], quirks: ${quirks} }
  - { id: gaussian_noise, kind: corruption, corruption: gaussian_noise, severities: [3, 5], quirks: ${quirks} }
rank: mean-corruption
`;
const run = async (name: string, ...args: string[]) => {
  const { status, stderr } = await cli(['run', at('suite.yaml'), '--out', at(name), ...args]);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
};
const BASELINE = ['--baseline', 'mnist-mlp-binenc'];

describe('a run of two corruptions on two models', () => {
  beforeAll(async () => {
    writeFileSync(at('suite.yaml'), suite('reference'));
    await run('run');
  });

  it('has a leaderboard with errors against the baseline that is named', async () => {
    const { status, stdout } = await cli([
      'leaderboard',
      at('run'),
      ...BASELINE,
      '--json',
      '--out',
      at('board.json'),
    ]);
    expect(status).toBe(0);
    const { rows, baseline } = JSON.parse(stdout) as Leaderboard;
    expect(baseline).toMatchObject({ id: 'mnist-mlp-binenc', kind: 'model' });
    const [binenc, nopen] = ['mnist-mlp-binenc', 'mnist-mlp-nopen'].map((id) =>
      rows.find(({ model }) => model.id === id)!,
    );
    expect(binenc!.corruption!.mce).toMatchObject({ value: 1 });
    const ratios = ['contrast', 'gaussian_noise'].map((id) => {
      const errors = [nopen!, binenc!].map(({ columns }) => {
        const value = columns[id]!;
        return value.status === 'completed' ? value.n - value.correct : NaN;
      });
      return errors[0]! / errors[1]!;
    });
    expect(nopen!.corruption!.mce!.value).toBeCloseTo((ratios[0]! + ratios[1]!) / 2, 12);
    expect(nopen!.corruption!.confidence).toBeGreaterThan(0.1);
  });

  it('prints the table and the grid of a model', async () => {
    const table = await cli(['leaderboard', at('run'), ...BASELINE]);
    expect(table.stdout).toMatch(/^mCE and relative mCE: 100 % is mnist-mlp-binenc/m);
    expect(table.stdout).toMatch(/^Ranked by Mean corruption \(mean-corruption\)/m);
    const grid = await cli(['leaderboard', at('run'), ...BASELINE, '--grid', 'mnist-mlp-nopen']);
    expect(grid.stdout).toMatch(/^corruption +3 +5 +mean +CE /m);
    expect(grid.stdout).toMatch(/^all together +\d/m);
  });

  it('has the same bytes whatever the number of workers and the batch size', async () => {
    await run('other', '--jobs', '1', '--batch-size', '7');
    expect(readFileSync(at('other/leaderboard.json'))).toEqual(readFileSync(at('run/leaderboard.json')));
  });

  it('is refused against errors of another data set', async () => {
    const { status, stderr } = await cli(['leaderboard', at('run'), '--baseline', 'alexnet']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/BASELINE_INVALID.*profile imagenet/);
  });

  it('passes a gate on its mCE, whose baseline the thresholds remember', async () => {
    const gate = ['gate', at('run'), '--thresholds', at('thresholds.json')];
    expect((await cli([...gate, '--update', ...BASELINE])).status).toBe(0);
    const thresholds = JSON.parse(readFileSync(at('thresholds.json'), 'utf8')) as { rules: object[] };
    const rules = (expression: string) =>
      writeFileSync(
        at('thresholds.json'),
        JSON.stringify({ ...thresholds, rules: [{ model: 'mnist-mlp-nopen', expression }] }),
      );
    rules('mce < 1 and mean_corruption > 0.5');
    expect(await cli(gate)).toMatchObject({ status: 0, stdout: expect.stringMatching(/passed/) });
    rules('mce < 0.01');
    expect(await cli(gate)).toMatchObject({ status: 1, stdout: expect.stringMatching(/mce = 0\.\d+/) });
    const other = await cli([...gate, '--baseline', 'mnist-mlp-nopen']);
    expect(other).toMatchObject({ status: 2, stderr: expect.stringMatching(/divided by mnist-mlp-binenc/) });
  });

  it('is not put into one table with a run under other conventions', async () => {
    writeFileSync(at('suite.yaml'), suite('fixed'));
    await run('fixed');
    const { status, stderr } = await cli(['leaderboard', at('run'), at('fixed')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/measure differently: contrast with quirks reference and fixed at severity 3/);
  });

  it('tells how well a part of the grid stands for it', async () => {
    const script = ['scripts/corruption-subsets.mjs', at('run'), '--severities', '3', '--examples', '30'];
    const { stdout } = await promisify(execFile)(process.execPath, script);
    expect(stdout).toMatch(/^2 of 4 cells, 30 of 500 examples of corrupted$/m);
    expect(stdout).toMatch(/^mnist-mlp-nopen +\d+\.\d % +\d+\.\d % +-?\d+\.\d\d$/m);
    const board = await promisify(execFile)(process.execPath, [
      script[0]!,
      at('board.json'),
      '--examples',
      '30',
    ]);
    expect(board.stdout).toMatch(/^30 examples drawn at random would be off by up to \d+\.\d\d points/m);
  });
});
