import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  corruptSuite,
  type CorruptSuiteOptions,
  type CorruptSuiteRequest,
} from '../../src/api/corrupt-suite.js';
import { openArchive } from '../../src/data/archives/open.js';
import { parseNpy } from '../../src/data/npy.js';
import { writeNpz } from '../../src/data/npz.js';
import { openDataset } from '../../src/data/registry.js';
import { corruptBatch } from '../../src/evaluate/corrupted-images.js';
import { contentHashOf, inputHashes } from '../../src/evaluate/corruption-shard.js';
import { sha256 } from '../../src/fingerprint.js';
import { severitiesOf } from '../../src/plugin/corruption.js';
import { loadCorruption } from '../../src/plugin/registry.js';
import { parseResult } from '../../src/results/validate.js';
import { folderOf } from '../data/files.js';
import { plainPng } from '../data/png-file.js';

// Jest links modules that are imported side by side only when it has seen them before.
for (const id of ['contrast', 'gaussian_blur', 'gaussian_noise']) await loadCorruption(id);

const scratch = mkdtempSync(join(tmpdir(), 'gauntlet-corrupt-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(scratch, `archive-${folders++}`);
const plugin = (name: string): string => resolve('test/fixtures/plugins', `${name}.mjs`);

/** Twelve colour images of 5 x 6 pixels in three classes. */
const N = 12;
const COLOUR = join(scratch, 'colour.npz');
writeFileSync(
  COLOUR,
  writeNpz({
    images: {
      type: 'uint8',
      dims: [N, 3, 5, 6],
      data: Uint8Array.from({ length: N * 90 }, (_v, i) => (i * 37) % 256),
    },
    labels: { type: 'int32', dims: [N], data: Int32Array.from({ length: N }, (_v, i) => i % 3) },
  }),
);

const suiteOf = (entries: readonly string[], examples = `{ first: ${N} }`): string => {
  const path = join(scratch, `suite-${folders++}.yaml`);
  const head = `id: tiny\nversion: 1\ntitle: Tiny\ndataset: { source: ${COLOUR}, split: test }\n`;
  const tail = entries.map((entry) => `  - { kind: corruption, ${entry} }\n`).join('');
  writeFileSync(path, `${head}examples: ${examples}\nmodels: [none]\nseed: 5\nentries:\n${tail}`);
  return path;
};
const ALL = 'severities: [1, 2, 3, 4, 5]';
const suite = suiteOf([
  `id: noise, corruption: gaussian_noise, ${ALL}`,
  `id: contrast, corruption: contrast, ${ALL}`,
]);

const corrupt = (request: Partial<CorruptSuiteRequest>, options: CorruptSuiteOptions = {}) =>
  corruptSuite({ suite, out: newFolder(), ...request }, { executor: 'inline', ...options });

const arrayIn = (folder: string, file: string) => parseNpy(readFileSync(join(folder, file)), file);

describe('an archive of the profile cifar', () => {
  it('is laid out as CIFAR-10-C: all images at severity 1, then at 2; channels last; labels as often', async () => {
    const { folder, manifest } = await corrupt({});
    expect(readdirSync(folder).sort()).toEqual([
      'contrast.npy',
      'gaussian_noise.npy',
      'labels.npy',
      'manifest.json',
    ]);
    const labels = arrayIn(folder, 'labels.npy');
    expect(labels).toMatchObject({ type: 'uint8', dims: [5 * N] });
    expect([...(labels.data as Uint8Array)]).toEqual(Array.from({ length: 5 * N }, (_v, i) => (i % N) % 3));

    const dataset = await openDataset({ source: COLOUR, split: 'test' });
    const originals = await dataset.read(Array.from({ length: N }, (_v, i) => i));
    for (const id of ['contrast', 'gaussian_noise']) {
      const { type, dims, data } = arrayIn(folder, `${id}.npy`);
      expect({ type, dims }).toEqual({ type: 'uint8', dims: [5 * N, 5, 6, 3] });
      const corruption = await loadCorruption(id);
      severitiesOf(corruption, 'cifar').forEach((parameters, i) => {
        const plan = { severity: i + 1, parameters, profile: 'cifar', quirks: 'reference' } as const;
        const made = corruptBatch(originals, corruption, plan, 5);
        for (let image = 0; image < N; image++) {
          for (let place = 0; place < 30; place++) {
            for (let channel = 0; channel < 3; channel++) {
              const level = (data as Uint8Array)[((i * N + image) * 30 + place) * 3 + channel]!;
              expect(Math.fround(level / 255)).toBe(made.data[image * 90 + channel * 30 + place]);
            }
          }
        }
        const record = manifest.files.find(({ path }) => path === `${id}.npy`);
        expect(record?.source?.levels[i]?.contentHash).toBe(contentHashOf(inputHashes(made)));
      });
    }
  });

  it('has a manifest with the hash of each file, and nothing of this machine', async () => {
    const { folder, manifest } = await corrupt({});
    const text = readFileSync(join(folder, 'manifest.json'), 'utf8');
    expect(parseResult('archive', text, 'manifest.json')).toEqual(JSON.parse(JSON.stringify(manifest)));
    for (const { path, bytes, sha256: hash } of manifest.files) {
      expect(hash).toBe(sha256(readFileSync(join(folder, path))));
      expect(bytes).toBe(statSync(join(folder, path)).size);
    }
    expect(text).not.toContain(scratch);
    expect(manifest).toMatchObject({
      layout: 'cifar-c',
      seed: 5,
      severities: [1, 2, 3, 4, 5],
      data: { n: N },
    });
  });

  it('is read back by its reader, also with fewer severities than five', async () => {
    const { folder } = await corrupt({ severities: [2, 4], examples: 7 });
    const archive = await openArchive(folder);
    expect({
      names: archive.names,
      length: archive.length,
      severities: archive.severities('contrast'),
    }).toEqual({
      ...{ names: ['contrast', 'gaussian_noise'], length: 7, severities: [2, 4] },
    });
    const whole = await openArchive((await corrupt({})).folder);
    for (const name of archive.names) {
      expect(await archive.read(name, 4, [6, 0, 3])).toEqual(await whole.read(name, 4, [6, 0, 3]));
    }
    await Promise.all([archive.close(), whole.close()]);
  });

  it('rounds what a plugin gives between grey levels', async () => {
    const inverting = suiteOf(['id: invert, corruption: invert, severities: [5]']);
    const { folder } = await corrupt({ suite: inverting }, { plugins: [plugin('invert')] });
    // Half of the image and half of its negative is grey all over.
    expect(new Set(arrayIn(folder, 'invert.npy').data as Uint8Array)).toEqual(new Set([128]));
  });
});

describe('an archive of the profile mnist', () => {
  const digits = suiteOf([
    'id: contrast, corruption: contrast, severities: [4], profile: mnist',
    'id: blur, corruption: gaussian_blur, severities: [1], profile: mnist',
  ]);

  it('is laid out as MNIST-C: a folder each, one severity', async () => {
    const { folder, manifest } = await corrupt({ suite: digits, data: 'mnist', examples: 9 });
    expect(manifest).toMatchObject({ layout: 'mnist-c', data: { source: 'mnist' } });
    expect(readdirSync(join(folder, 'contrast')).sort()).toEqual(['test_images.npy', 'test_labels.npy']);
    expect(arrayIn(folder, 'contrast/test_images.npy').dims).toEqual([9, 28, 28, 1]);
    expect([...(arrayIn(folder, 'contrast/test_labels.npy').data as Uint8Array)]).toEqual([
      7, 2, 1, 0, 4, 1, 4, 9, 5,
    ]);
    const archive = await openArchive(folder);
    expect(archive).toMatchObject({
      kind: 'mnist-c',
      names: ['contrast', 'gaussian_blur'],
      length: 9,
      levelled: true,
    });
    expect([archive.severities('contrast'), archive.severities('gaussian_blur')]).toEqual([[4], [1]]);
    await archive.close();
  });
});

describe('writing an archive again', () => {
  it('keeps finished files, makes damaged and missing ones anew, and ends with the same bytes', async () => {
    const { folder, manifest } = await corrupt({});
    const before = new Map(manifest.files.map(({ path }) => [path, readFileSync(join(folder, path))]));
    writeFileSync(join(folder, 'contrast.npy'), 'damaged');
    rmSync(join(folder, 'labels.npy'));
    const damaged: string[] = [];
    const made: string[] = [];
    const again = await corrupt(
      { out: folder },
      {
        onDamaged: ({ file, reason }) => damaged.push(`${file.slice(folder.length + 1)}: ${reason}`),
        onProgress: (_fraction, label) => made.push(label),
      },
    );
    expect(damaged).toEqual([
      'contrast.npy: it is not the file the manifest speaks of',
      'labels.npy: it is missing',
    ]);
    expect(new Set(made)).toEqual(new Set(['contrast']));
    for (const [path, bytes] of before) expect(readFileSync(join(folder, path))).toEqual(bytes);
    expect(again.manifest).toEqual(manifest);
  });

  it('adds the corruptions that were left out before', async () => {
    const { folder, manifest } = await corrupt({ corruptions: ['gauss*'] });
    expect(manifest.files.map(({ path }) => path)).toEqual(['gaussian_noise.npy', 'labels.npy']);
    const noise = statSync(join(folder, 'gaussian_noise.npy')).mtimeMs;
    const both = await corrupt({ out: folder, corruptions: ['contrast'] });
    expect(both.manifest).toEqual((await corrupt({})).manifest);
    expect(statSync(join(folder, 'gaussian_noise.npy')).mtimeMs).toBe(noise);
  });

  it.each<[string, Partial<CorruptSuiteRequest>, RegExp]>([
    ['of another seed', { seed: 6 }, /its seed: 5; asked for: 6/],
    ['of more images', { examples: 3 }, /images per severity: 12; asked for: 3/],
    ['at other severities', { severities: [1] }, /severities: 1, 2, 3, 4, 5; asked for: 1/],
    ['of other data', { data: 'mnist' }, /its data: colour .*; asked for: mnist/],
  ])('into the folder of one %s is refused', async (_what, request, message) => {
    const { folder } = await corrupt({});
    const refusal = expect.objectContaining({
      key: 'FILE_EXISTS',
      message: expect.stringMatching(message) as unknown,
    });
    await expect(corrupt({ out: folder, ...request })).rejects.toEqual(refusal);
  });

  it('replaces another archive when told not to go on from it', async () => {
    const { folder } = await corrupt({});
    const { manifest } = await corrupt({ out: folder, seed: 6, resume: false, corruptions: ['contrast'] });
    expect(readdirSync(folder).sort()).toEqual(['contrast.npy', 'labels.npy', 'manifest.json']);
    expect(manifest).toEqual((await corrupt({ seed: 6, corruptions: ['contrast'] })).manifest);
  });

  it('touches nothing outside the archive, whatever its manifest says', async () => {
    const { folder } = await corrupt({});
    const [outside, manifest] = [join(scratch, 'precious.npy'), join(folder, 'manifest.json')];
    writeFileSync(outside, 'precious');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"contrast.npy"', '"../precious.npy"'));
    await expect(corrupt({ out: folder, resume: false })).rejects.toMatchObject({ key: 'RESULT_INVALID' });
    expect(readFileSync(outside, 'utf8')).toBe('precious');
  });

  it('never overwrites what it did not write', async () => {
    const folder = folderOf({ 'contrast.npy': Uint8Array.of(1) });
    await expect(corrupt({ out: folder })).rejects.toMatchObject({ key: 'FILE_EXISTS' });
    expect(readdirSync(folder)).toEqual(['contrast.npy']);
  });

  it('after an interruption goes on, and leaves no half-written file', async () => {
    const folder = newFolder();
    const controller = new AbortController();
    const onProgress = (_fraction: number, label: string): void => {
      if (label === 'contrast') controller.abort(new Error('enough'));
    };
    await expect(corrupt({ out: folder }, { signal: controller.signal, onProgress })).rejects.toThrow(
      'enough',
    );
    expect(readdirSync(folder).sort()).toEqual(['gaussian_noise.npy', 'labels.npy', 'manifest.json']);
    const made = new Set<string>();
    const { manifest } = await corrupt(
      { out: folder },
      { onProgress: (_fraction, label) => made.add(label) },
    );
    expect(made).toEqual(new Set(['contrast']));
    expect(manifest).toEqual((await corrupt({})).manifest);
  });
});

describe('a corruption that cannot be made', () => {
  const mixed = suiteOf([
    `id: overlay, corruption: overlay, ${ALL}`,
    `id: throws, corruption: corruption_throws, ${ALL}`,
    `id: contrast, corruption: contrast, ${ALL}`,
  ]);
  const plugins = [plugin('overlay'), plugin('corruption-throws')];

  it('without photographs is unavailable, one that throws is a failure, and the others are there', async () => {
    const { folder, manifest, failures } = await corrupt({ suite: mixed }, { plugins });
    expect(manifest.unavailable).toEqual([
      {
        ...{ corruption: 'overlay', code: 'GAUNTLET_E_FROST_TEXTURES' },
        reason: expect.stringContaining('--frost-textures DIR') as unknown,
      },
    ]);
    expect(failures).toEqual([
      { corruption: 'corruption_throws', reason: expect.stringContaining('"out of order"') as unknown },
    ]);
    expect(readdirSync(folder).sort()).toEqual(['contrast.npy', 'labels.npy', 'manifest.json']);
  });

  it('is made as soon as there are photographs, whose hash the manifest has', async () => {
    const overlays = { suite: mixed, corruptions: ['overlay'], severities: [5] };
    const { folder } = await corrupt(overlays, { plugins });
    const frostTextures = folderOf({ 'frost1.png': plainPng(1, 1, Uint8Array.of(77)) });
    const { manifest } = await corrupt({ ...overlays, out: folder }, { plugins, frostTextures });
    expect(manifest.unavailable).toEqual([]);
    expect(manifest.files[1]?.source?.textures).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(arrayIn(folder, 'overlay.npy').data as Uint8Array)).toEqual(new Set([77]));
  });
});

describe('what cannot be written', () => {
  it.each<[string, Partial<CorruptSuiteRequest>, string, RegExp]>([
    [
      'a suite that lists its examples',
      { suite: suiteOf([`id: a, corruption: contrast, ${ALL}`], '{ indices: [3, 1] }') },
      'SUITE_INVALID',
      /lists examples one by one/,
    ],
    [
      'a corruption that the suite lacks',
      { corruptions: ['fog'] },
      'SUITE_INVALID',
      /called "fog"; there are/,
    ],
    ['more examples than there are', { examples: 13 }, 'INDEX_RANGE', /Example 12 .* has 12/],
  ])('%s is refused, and nothing is left behind', async (_what, request, key, message) => {
    const out = newFolder();
    const refusal = expect.objectContaining({ key, message: expect.stringMatching(message) as unknown });
    await expect(corrupt({ out, ...request })).rejects.toEqual(refusal);
    expect(() => readdirSync(out)).toThrow('ENOENT');
  });
});
