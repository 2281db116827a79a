import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cli, finished, scratchFolder, startCli } from './cli.js';
import { cellsIn, contentOf, until } from './run-folder.js';
import { writeSlowSuite } from './suite-file.js';

const folder = scratchFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);

describe('a run', () => {
  const suite = writeSlowSuite(folder.path);
  let expected: Record<string, string>;
  beforeAll(async () => {
    const { status, stdout } = await cli(['run', suite, '--out', at('whole'), '--jobs', '2', '--json']);
    expect(status).toBe(0);
    expected = contentOf(at('whole'));
    expect(stdout).toBe(expected['leaderboard.json']);
  });

  it('writes leaderboard, manifest, one file per cell, and witnesses', () => {
    expect(Object.keys(expected)).toEqual([
      ...['contrast-2', 'contrast-4', 'fgsm', 'pgd'].map((entry) => `cells/mnist-mlp-linpen--${entry}.json`),
      'leaderboard.json',
      'run.json',
      ...['fgsm', 'pgd'].map((entry) => `witnesses/mnist-mlp-linpen--${entry}.npz`),
    ]);
  });

  it('gives the same bytes with another batch size and number of jobs', async () => {
    const how = ['--batch-size', '7', '--jobs', '1', '--no-resume'];
    expect((await cli(['run', suite, '--out', at('other'), ...how])).status).toBe(0);
    expect(contentOf(at('other'))).toEqual(expected);
  });

  it('killed in the middle goes on from its finished cells to the same bytes', async () => {
    const child = startCli(['run', suite, '--out', at('killed'), '--jobs', '1']);
    const end = finished(child);
    await until(() => cellsIn(at('killed')).length > 0);
    child.kill('SIGKILL');
    await end;
    const kept = cellsIn(at('killed'));
    expect(kept).not.toContain('mnist-mlp-linpen--pgd.json');

    const { status, stderr } = await cli(['run', suite, '--out', at('killed')]);
    expect(status).toBe(0);
    expect(stderr).toContain(`${kept.length} of them finished before`);
    expect(contentOf(at('killed'))).toEqual(expected);
  });

  it('interrupted by Ctrl-C exits with 130, says so, and keeps its finished cells', async () => {
    const child = startCli(['run', suite, '--out', at('interrupted'), '--jobs', '1']);
    const end = finished(child);
    await until(() => cellsIn(at('interrupted')).length > 0);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr).toContain('Interrupted');
    expect(cellsIn(at('interrupted')).length).toBeGreaterThan(0);
  });
});
