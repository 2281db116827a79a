import { describe, expect, it } from '@jest/globals';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { formatNpy } from '../../../src/data/npy.js';
import { intTensor } from '../../../src/tensor/tensor.js';
import { bytes, failure, treeOf } from '../files.js';
import { open } from './opened.js';

/** Value of a channel of a pixel of example `i` at a severity: all of them differ. */
const cifarValue = (severity: number, i: number, channel: number, place: number): number =>
  severity * 40 + i * 12 + channel * 4 + place;
const LABELS = [4, 0, 9];

/** CIFAR-C with three examples of 1 x 2 pixels: N = 3, so 15 rows. */
const cifarImages = formatNpy(
  bytes([15, 1, 2, 3], (at) => {
    const [row, place, channel] = [Math.floor(at / 6), Math.floor(at / 3) % 2, at % 3];
    return cifarValue(Math.floor(row / 3), row % 3, channel, place);
  }),
);
const fiveTimes = <T>(list: readonly T[]): T[] => Array.from({ length: 5 }, () => list).flat();
const cifarFiles = {
  'gaussian_noise.npy': cifarImages,
  'brightness.npy': formatNpy(bytes([15, 1, 2, 3], () => 255)),
  'labels.npy': formatNpy(bytes([15], (i) => LABELS[i % 3]!)),
};

describe('CIFAR-10-C', () => {
  it('lists its corruptions, severities and examples', async () => {
    const archive = await open(treeOf({ ...cifarFiles, 'README.txt': Uint8Array.of(1) }));
    expect(archive).toMatchObject({
      kind: 'cifar-c',
      names: ['brightness', 'gaussian_noise'],
      clean: null,
      length: 3,
      shape: [3, 1, 2],
      numClasses: 10,
    });
    expect(archive.severities('brightness')).toEqual([1, 2, 3, 4, 5]);
  });

  it('is read severity by severity, channels first, in the order asked for', async () => {
    const archive = await open(treeOf(cifarFiles));
    for (const severity of [1, 3, 5]) {
      const batch = await archive.read('gaussian_noise', severity, [2, 0, 1, 2]);
      const expected = [2, 0, 1, 2].flatMap((i) =>
        [0, 1, 2].flatMap((channel) =>
          [0, 1].map((place) => Math.fround(cifarValue(severity - 1, i, channel, place) / 255)),
        ),
      );
      expect(Array.from(batch.data)).toEqual(expected);
      expect(batch).toMatchObject({ shape: [3, 1, 2], keys: [2, 0, 1, 2] });
      expect(Array.from(batch.labels)).toEqual([9, 4, 0, 9]);
    }
  });

  it('takes labels of 64 bits, as the script that made it may write them', async () => {
    const labels = formatNpy(intTensor(fiveTimes(LABELS)));
    const archive = await open(treeOf({ ...cifarFiles, 'labels.npy': labels }));
    expect(Array.from((await archive.read('brightness', 4, [0, 1, 2])).labels)).toEqual(LABELS);
  });

  it('may have a header of any length', async () => {
    const long = (length: number): Uint8Array => {
      const header =
        "{'descr': '|u1', 'fortran_order': False, 'shape': (15, 1, 2, 3), }".padEnd(length - 1) + '\n';
      const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0, 0, 0, 0]);
      start.writeUInt32LE(length, 8);
      return Buffer.concat([start, Buffer.from(header), cifarImages.subarray(-90)]);
    };
    for (const length of [70, 10_000]) {
      const archive = await open(treeOf({ ...cifarFiles, 'fog.npy': long(length) }));
      const [fog, noise] = await Promise.all(
        ['fog', 'gaussian_noise'].map((name) => archive.read(name, 5, [0, 2])),
      );
      expect(fog).toEqual(noise);
    }
  });

  const cut = cifarImages.subarray(0, cifarImages.length - 1);
  it.each([
    [
      'a truncated file',
      { 'gaussian_noise.npy': cut },
      'DATA_INVALID',
      'gaussian_noise.npy',
      '90 bytes, received 89',
    ],
    ['an empty file', { 'fog.npy': new Uint8Array(0) }, 'DATA_INVALID', 'fog.npy', 'not an .npy'],
    [
      'a file cut in its header',
      { 'fog.npy': cifarImages.subarray(0, 40) },
      'DATA_INVALID',
      'fog.npy',
      'truncated',
    ],
    [
      'labels of another number',
      { 'labels.npy': formatNpy(intTensor(LABELS)) },
      'DATA_MISMATCH',
      '15 images',
      '3 labels',
    ],
    [
      'labels that do not repeat',
      { 'labels.npy': formatNpy(bytes([15], (i) => i % 10)) },
      'DATA_MISMATCH',
      'example 0',
      'severity 2',
    ],
    [
      'labels that are no integers',
      { 'labels.npy': formatNpy({ type: 'float32', dims: [15], data: new Float32Array(15) }) },
      'DATA_INVALID',
      'float32',
    ],
    [
      'rows that five severities do not share',
      {
        'labels.npy': formatNpy(bytes([7], () => 0)),
        'brightness.npy': formatNpy(bytes([7, 1, 2, 3], () => 0)),
      },
      'DATA_INVALID',
      'no multiple',
    ],
    [
      'images of another size',
      { 'fog.npy': formatNpy(bytes([15, 2, 2, 3], () => 0)) },
      'DATA_MISMATCH',
      '3 x 2 x 2',
    ],
    ['images of two axes', { 'fog.npy': formatNpy(bytes([15, 6], () => 0)) }, 'DATA_INVALID', '15, 6'],
    [
      'images that are no bytes',
      { 'fog.npy': formatNpy(intTensor([1], [1, 1, 1, 1])) },
      'DATA_INVALID',
      'int64',
    ],
  ] as [string, Record<string, Uint8Array>, string, ...string[]][])(
    'with %s is refused',
    async (_, files, key, ...parts) => {
      await expect(open(treeOf({ ...cifarFiles, ...files }))).rejects.toEqual(failure(key, ...parts));
    },
  );

  it('without labels, or with nothing else, is refused', async () => {
    const { 'labels.npy': labels, ...images } = cifarFiles;
    await expect(open(treeOf(images))).rejects.toEqual(failure('DATA_NOT_FOUND', 'labels.npy'));
    await expect(open(treeOf({ 'labels.npy': labels }))).rejects.toEqual(
      failure('DATA_NOT_FOUND', 'no corrupted'),
    );
  });

  it('that is cut short after it was opened is an error, not zeros', async () => {
    const folder = treeOf(cifarFiles);
    const archive = await open(folder);
    truncateSync(join(folder, 'gaussian_noise.npy'), cifarImages.length - 20);
    await expect(archive.read('gaussian_noise', 5, [0, 1, 2])).rejects.toEqual(
      failure('DATA_INVALID', 'ends before'),
    );
    await expect(archive.read('gaussian_noise', 1, [0])).resolves.toBeDefined();
  });
});

describe('any archive', () => {
  it('names what it has when asked for something else', async () => {
    const archive = await open(treeOf(cifarFiles));
    await expect(archive.read('gausian_noise', 1, [0])).rejects.toEqual(
      failure('UNKNOWN_CORRUPTION', 'gausian_noise', 'gaussian_noise'),
    );
    expect(() => archive.severities('zzz')).toThrow(
      failure('UNKNOWN_CORRUPTION', 'brightness, gaussian_noise'),
    );
    await expect(archive.read('brightness', 6, [0])).rejects.toEqual(
      failure('PARAMETER_INVALID', '1, 2, 3, 4, 5', '6'),
    );
    for (const index of [3, -1, 0.5, NaN]) {
      await expect(archive.read('brightness', 1, [index])).rejects.toEqual(failure('INDEX_RANGE', '0 to 2'));
    }
  });

  it('has to be a folder that holds one', async () => {
    await expect(open('/nowhere/CIFAR-10-C')).rejects.toEqual(failure('DATA_NOT_FOUND', '/nowhere'));
    const file = treeOf({ 'a.tar': Uint8Array.of(1) });
    await expect(open(join(file, 'a.tar'))).rejects.toEqual(failure('DATA_NOT_FOUND', 'not a folder'));
    await expect(open(file)).rejects.toEqual(failure('DATA_NOT_FOUND', 'neither'));
  });

  it('is pointed at when the folder above it is given', async () => {
    const inside = Object.entries(cifarFiles).map(([file, content]) => [`CIFAR-10-C/${file}`, content]);
    const folder = treeOf(Object.fromEntries(inside) as Record<string, Uint8Array>);
    await expect(open(folder)).rejects.toMatchObject({
      help: expect.stringContaining(join(folder, 'CIFAR-10-C')),
    });
  });
});
