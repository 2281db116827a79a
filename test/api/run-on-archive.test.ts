import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { corruptSuite } from '../../src/api/corrupt-suite.js';
import { replayStoredCell } from '../../src/api/replay-cell.js';
import { runSuite, type RunSuiteRequest, type SuiteRun } from '../../src/api/run-suite.js';
import { formatNpy, parseNpy } from '../../src/data/npy.js';
import { loadCorruption } from '../../src/plugin/registry.js';
import { protocolFingerprint, suiteFingerprint } from '../../src/suite/fingerprint.js';

// Jest links modules that are imported side by side only when it has seen them before.
for (const id of ['contrast', 'gaussian_noise']) await loadCorruption(id);

const scratch = mkdtempSync(join(tmpdir(), 'gauntlet-archive-run-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => join(scratch, name);

const suite = at('digits.yaml');
writeFileSync(
  suite,
  `id: digits
version: 1
title: Digits
dataset: { source: mnist, split: test }
examples: { first: 30 }
models: [mnist-mlp-linpen]
seed: 2
entries:
  - { id: noise, kind: corruption, corruption: gaussian_noise, severities: [1, 5] }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [1, 5] }
`,
);

const inline = { executor: 'inline' } as const;
const run = (out: string, request: Partial<RunSuiteRequest> = {}): Promise<SuiteRun> =>
  runSuite({ suite, out: at(out), ...request }, inline);
const write = (out: string, request: { readonly corruptions?: string[]; readonly seed?: number } = {}) =>
  corruptSuite({ suite, out: at(out), ...request }, inline);

beforeAll(() => write('archive'));

describe('a run on an archive', () => {
  it('sees the images that a run makes itself, and says that it read them', async () => {
    const made = await run('made');
    const read = await run('read', { archive: at('archive') });
    read.cells.forEach((cell, i) => {
      const twin = made.cells[i]!;
      if (cell.status !== 'completed' || twin.status !== 'completed') throw new Error('not completed');
      expect(cell.outcomes).toBe(twin.outcomes);
      expect(cell.contentHash).toBe(twin.contentHash);
      expect(twin.plan).not.toHaveProperty('archive');
      expect(cell.plan).toMatchObject({
        archive: { folder: at('archive'), kind: 'cifar-c', sha256: cell.contentHash },
      });
      expect(cell.fingerprint).not.toBe(twin.fingerprint);
    });
    expect(read.suite.id).toBe('digits+archive=archive');
    expect(suiteFingerprint(read.suite)).not.toBe(suiteFingerprint(made.suite));
    expect(protocolFingerprint(read.suite)).toBe(protocolFingerprint(made.suite));
  });

  it('goes on from finished cells as long as the archive holds the same, wherever it lies', async () => {
    const finished: number[] = [];
    const again = (archive: string) =>
      runSuite(
        { suite, out: at('resumed'), archive: at(archive) },
        { ...inline, onPlan: (plan) => finished.push(plan.finished) },
      );
    await again('archive');
    await write('copy');
    await again('copy');
    await write('other', { seed: 3 });
    await again('other');
    // Of another seed only the noise differs.
    expect(finished).toEqual([0, 4, 2]);
  });

  it('can be replayed, also where the archive has moved', async () => {
    const cell = join(at('read'), 'cells', 'mnist-mlp-linpen--noise-5.json');
    expect(await replayStoredCell(cell)).toMatchObject({
      of: 'corrupted-images',
      verified: 30,
      failures: [],
    });
    expect(await replayStoredCell(cell, { archive: at('copy') })).toMatchObject({ verified: 30 });
    await expect(replayStoredCell(cell, { archive: at('other') })).rejects.toMatchObject({
      key: 'WITNESS_INVALID',
    });
  });

  it('leaves cells of what the archive lacks as errors, and completes the others', async () => {
    await write('partial', { corruptions: ['contrast'] });
    const { cells } = await run('on-partial', { archive: at('partial') });
    expect(cells.map(({ entry, status }) => `${entry} ${status}`)).toEqual([
      ...['noise-1 error', 'noise-5 error', 'contrast-1 completed', 'contrast-5 completed'],
    ]);
    expect(cells[0]).toMatchObject({
      reason: {
        code: 'GAUNTLET_E_UNKNOWN_CORRUPTION',
        message: expect.stringMatching(/no corruption `gaussian_noise`.*contrast/) as unknown,
      },
    });
  });
});

describe('an archive that does not belong to the suite', () => {
  const changed = async (
    name: string,
    file: string,
    change: (bytes: Buffer) => Uint8Array,
  ): Promise<string> => {
    await write(name);
    const path = join(at(name), file);
    writeFileSync(path, change(readFileSync(path)));
    return at(name);
  };

  it.each<[string, () => Promise<Partial<RunSuiteRequest>>, string, RegExp]>([
    [
      'is not there',
      () => Promise.resolve({ archive: at('nowhere') }),
      'DATA_NOT_FOUND',
      /nowhere is not a folder/,
    ],
    [
      'is truncated',
      async () => ({ archive: await changed('short', 'contrast.npy', (bytes) => bytes.subarray(0, -1)) }),
      'DATA_INVALID',
      /contrast\.npy.*needs 47040 bytes, received 47039/,
    ],
    [
      'has fewer labels than images',
      async () => {
        const fewer = formatNpy({ type: 'uint8', dims: [59], data: new Uint8Array(59) });
        return { archive: await changed('few-labels', 'labels.npy', () => fewer) };
      },
      'DATA_MISMATCH',
      /60 images.*59 labels/,
    ],
    [
      'is of other examples',
      async () => ({
        archive: await changed('shuffled', 'labels.npy', (bytes) => {
          const { data, dims } = parseNpy(bytes, 'labels');
          return formatNpy({
            type: 'uint8',
            dims,
            data: (data as Uint8Array).map((label) => (label + 1) % 10),
          });
        }),
      }),
      'DATA_MISMATCH',
      /Example 0 has the label 8 in .*shuffled, 7 in the data set/,
    ],
    [
      'has too few of them',
      () => Promise.resolve({ archive: at('archive'), examples: 31 }),
      'INDEX_RANGE',
      /holds examples 0 to 29, asked for 30/,
    ],
  ])('because it %s is refused before anything is run', async (_what, request, key, message) => {
    const refusal = expect.objectContaining({ key, message: expect.stringMatching(message) as unknown });
    await expect(run('refused', await request())).rejects.toEqual(refusal);
  });

  it('because the suite has no corruptions is refused', async () => {
    await expect(
      runSuite({ suite: 'linf', archive: at('archive'), out: at('refused') }, inline),
    ).rejects.toMatchObject({ key: 'SUITE_INVALID' });
  });
});
