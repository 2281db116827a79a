import { afterAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Leaderboard } from '../../src/results/schema/leaderboard.js';
import { cli, scratchFolder } from './cli.js';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

/** Runs the ranking column of the standard suite on one model. */
async function standard(model: string, examples: number, ...args: string[]): Promise<string> {
  const out = join(scratch.path, `${model}-${examples}`);
  const { status, stderr } = await cli([
    ...['run', 'standard', '--entries', 'cascade-linf-0_3', '--models', model],
    ...['--examples', `${examples}`, '--executor', 'inline', '--out', out, ...args],
  ]);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return out;
}

describe('the standard suite', () => {
  it('is ranked in a table of several runs of it', async () => {
    const runs = await Promise.all([standard('mnist-mlp-nopen', 4), standard('mnist-mlp-binenc', 4)]);
    const merged = await cli(['leaderboard', ...runs, '--json']);
    const leaderboard = JSON.parse(merged.stdout) as Leaderboard;
    expect(leaderboard.ranked).toBe('cascade-linf-0_3');
    expect(leaderboard.columns[1]!.plugins!.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['apgd', 'cascade', 'fab-targeted', 'square']),
    );
    expect(leaderboard.rows.map(({ model, rank }) => [model.id, rank])).toEqual([
      ['mnist-mlp-binenc', 1],
      ['mnist-mlp-nopen', 1],
    ]);
  });

  it('asks for --models where no model of the zoo is for its data', async () => {
    const { status, stdout, stderr } = await cli(['run', 'tiny-imagenet-c']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /UNKNOWN_MODEL: no model of the zoo matches "tiny-imagenet-\*"\n.*help: .*--models/,
    );
  });
});
