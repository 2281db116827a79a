import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { parseResult } from '../../src/results/validate.js';
import { plainPng } from '../data/png-file.js';
import { cli, finished, scratchFolder, startCli } from './cli.js';
import { contentOf, until } from './run-folder.js';

const folder = scratchFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const plugin = ['--plugin', resolve('test/fixtures/plugins/overlay.mjs')];

/** Two corruptions of digits at two severities each, one of which needs photographs. */
const suite = at('digits.yaml');
writeFileSync(
  suite,
  `id: digits
version: 1
title: Digits
dataset: { source: mnist, split: test }
examples: { first: 300 }
models: [mnist-mlp-linpen]
seed: 4
entries:
  - { id: noise, kind: corruption, corruption: gaussian_noise, severities: [1, 5] }
  - { id: overlay, kind: corruption, corruption: overlay, severities: [1, 5] }
`,
);
const photographs = at('photographs');
mkdirSync(photographs);
writeFileSync(join(photographs, 'frost1.png'), plainPng(1, 1, Uint8Array.of(140)));

const cellFile = (run: string, entry: string) => join(at(run), 'cells', `mnist-mlp-linpen--${entry}.json`);
const cellOf = (run: string, entry: string) =>
  parseResult('cell', readFileSync(cellFile(run, entry), 'utf8'), entry);
const hashOf = (run: string, entry: string) => (cellOf(run, entry) as CompletedCell).contentHash;

describe('a corruption that needs photographs', () => {
  it('is listed with what it needs', async () => {
    const { stdout } = await cli(['list', 'corruptions', ...plugin]);
    expect(stdout).toMatch(/^overlay +Overlay +.*frost-textures/m);
    expect(stdout).toMatch(/^contrast +Contrast +cifar .*mnist +- /m);
  });

  it('without them is not applicable, which is no failure, and the cell names the flag', async () => {
    const { status, stdout } = await cli(['run', suite, '--out', at('bare'), '--jobs', '2', ...plugin]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/not applicable/);
    expect(cellOf('bare', 'noise-5').status).toBe('completed');
    expect(cellOf('bare', 'overlay-5')).toMatchObject({
      status: 'not-applicable',
      reason: { message: expect.stringContaining('give --frost-textures DIR') as unknown },
    });
  });

  it('with them completes, the rest being resumed', async () => {
    const given = ['run', suite, '--out', at('bare'), '--frost-textures', photographs, '--jobs', '1'];
    const { status, stderr } = await cli([...given, ...plugin]);
    expect(status).toBe(0);
    expect(stderr).toContain('2 of them finished before');
    expect(cellOf('bare', 'overlay-5')).toMatchObject({
      status: 'completed',
      plan: { textures: { folder: photographs } },
    });
  });
});

describe('an archive', () => {
  const write = ['corrupt', '--suite', suite, '--frost-textures', photographs, ...plugin];

  it('has the same bytes whoever many write it, and is what a run makes itself', async () => {
    const one = await cli([...write, '--out', at('one'), '--jobs', '1', '--json']);
    expect(one.status).toBe(0);
    const two = await cli([...write, '--out', at('two'), '--jobs', '2']);
    expect(two.status).toBe(0);
    expect(two.stdout).toMatch(/^gaussian_noise\.npy +600 x 28 x 28 x 1 +470,528 +[0-9a-f]{64}$/m);
    const files = contentOf(at('one'));
    expect(Object.keys(files)).toEqual(['gaussian_noise.npy', 'labels.npy', 'manifest.json', 'overlay.npy']);
    expect(contentOf(at('two'))).toEqual(files);
    expect(one.stdout).toBe(files['manifest.json']);
    const valid = await cli(['validate', join(at('one'), 'manifest.json')]);
    expect(valid.stdout).toContain('is a manifest of an archive: digits, 300 images of mnist, 3 files');

    const run = await cli(['run', suite, ...plugin, '--archive', at('two'), '--out', at('on-two')]);
    expect(run.status).toBe(0);
    for (const entry of ['noise-1', 'noise-5', 'overlay-1', 'overlay-5']) {
      expect(hashOf('on-two', entry)).toBe(hashOf('bare', entry));
      expect(cellOf('on-two', entry)).toMatchObject({
        outcomes: (cellOf('bare', entry) as CompletedCell).outcomes,
      });
    }
  });

  it('whose writing was killed is finished by the same command, with the same bytes', async () => {
    const child = startCli([...write, '--out', at('killed'), '--jobs', '1', '--executor', 'inline']);
    const end = finished(child);
    await until(() => Object.keys(contentIn('killed')).includes('gaussian_noise.npy'));
    child.kill('SIGKILL');
    await end;
    writeFileSync(join(at('killed'), '.manifest.json.99-1.tmp'), 'half');
    expect((await cli([...write, '--out', at('killed')])).status).toBe(0);
    expect(contentOf(at('killed'))).toEqual(contentOf(at('one')));
  });

  const contentIn = (name: string): Record<string, string> => {
    try {
      return contentOf(at(name));
    } catch {
      return {};
    }
  };
});

describe('a corruption cell', () => {
  it('is verified by making its images again', async () => {
    const { status, stdout } = await cli(['replay', cellFile('bare', 'noise-5')]);
    expect({ status, stdout }).toEqual({
      ...{ status: 0, stdout: 'mnist-mlp-linpen, noise-5: 300 of 300 corrupted images verified\n' },
    });
  });
});

describe('a part of a suite', () => {
  it('has a name of its own', async () => {
    const few = [
      '--examples',
      '20',
      '--corruptions',
      'gaussian_noise,con*',
      '--severities',
      '1,3',
      '--out',
      at('part'),
    ];
    const { status, stdout } = await cli([
      'run',
      'quick',
      '--entries',
      'gaussian_noise',
      'contrast',
      ...few,
      '--json',
    ]);
    expect(status).toBe(0);
    const { suite: found, columns } = JSON.parse(stdout) as {
      suite: { id: string };
      columns: { cells: string[] }[];
    };
    expect(found.id).toBe('quick+examples=20+entries=gaussian_noise,contrast+severities=1,3');
    expect(columns.flatMap(({ cells }) => cells)).toEqual([
      ...['gaussian_noise-1', 'gaussian_noise-3', 'contrast-1', 'contrast-3'],
    ]);
  });

  it.each<[string, string[], string, RegExp]>([
    [
      'a corruption it lacks',
      ['run', 'quick', '--corruptions', 'contrsat'],
      'SUITE_INVALID',
      /did you mean "contrast"/,
    ],
    ['a severity that is none', ['run', 'quick', '--severities', '1,x'], 'USAGE', /received "x"/],
    [
      'photographs that are not there',
      ['run', suite, ...plugin, '--frost-textures', at('nowhere')],
      'DATA_NOT_FOUND',
      /photographs cannot be read/,
    ],
  ])('%s is refused with exit code 2', async (_what, args, code, message) => {
    const { status, stdout, stderr } = await cli(args);
    expect(stderr).toContain(`error GAUNTLET_E_${code}: `);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
