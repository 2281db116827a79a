import { describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DataReference, Dataset } from '../../src/data/dataset.js';
import { openDataset } from '../../src/data/registry.js';
import { failure, treeOf } from './files.js';
import { plainPng } from './png-file.js';

/** A picture of one colour. */
const colour = (red: number, width = 2, height = 2): Uint8Array =>
  plainPng(
    width,
    height,
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 3 === 0 ? red : 7)),
  );
const grey = (level: number): Uint8Array => plainPng(2, 2, new Uint8Array(4).fill(level));

const open = (source: string, more: Partial<DataReference> = {}): Promise<Dataset> =>
  openDataset({ source, split: 'test', ...more });
/** First value of every example, as a byte, with the labels. */
async function content(dataset: Dataset): Promise<{ bytes: number[]; labels: number[] }> {
  const { data, labels } = await dataset.read(Array.from({ length: dataset.length }, (_, i) => i));
  const size = data.length / dataset.length;
  return {
    bytes: Array.from(labels, (_, row) => Math.round(data[row * size]! * 255)),
    labels: Array.from(labels),
  };
}

const classes = {
  'dog/b.png': colour(2),
  'dog/a.png': colour(1),
  'cat/10.png': colour(3),
  'cat/9.png': colour(4),
  'cat/.hidden.png': Uint8Array.of(1),
  'cat/notes.txt': Uint8Array.of(1),
};

describe('a folder with one sub-folder of pictures per class', () => {
  it('numbers classes and pictures by name', async () => {
    const dataset = await open(treeOf(classes));
    expect(dataset).toMatchObject({ length: 4, shape: [3, 2, 2], numClasses: 2 });
    expect(await content(dataset)).toEqual({ bytes: [3, 4, 1, 2], labels: [0, 0, 1, 1] });
  });

  it('has one channel if all pictures are grey, three if one is coloured', async () => {
    expect((await open(treeOf({ 'a/x.png': grey(1), 'b/x.png': grey(2) }))).shape).toEqual([1, 2, 2]);
    const mixed = await open(treeOf({ 'a/x.png': grey(50), 'b/x.png': colour(2) }));
    expect(mixed.shape).toEqual([3, 2, 2]);
    const { data } = await mixed.read([0]);
    expect(new Set(data)).toEqual(new Set([Math.fround(50 / 255)]));
  });

  it('may have a folder for each split', async () => {
    const tree = treeOf({ 'train/a/x.png': grey(1), 'train/b/x.png': grey(2), 'val/a/x.png': grey(3) });
    expect(await content(await open(tree, { split: 'train' }))).toEqual({ bytes: [1, 2], labels: [0, 1] });
    expect(await content(await open(tree))).toEqual({ bytes: [3], labels: [0] });
  });

  it('of pictures of several sizes needs to be told how to resize them', async () => {
    const tree = treeOf({ ...classes, 'dog/c.png': colour(5, 3, 4) });
    await expect(open(tree)).rejects.toMatchObject({
      key: 'DATA_INVALID',
      message: expect.stringMatching(/10\.png is 2 x 2, .*c\.png is 4 x 3/),
      help: expect.stringContaining('data.resize'),
    });
    const dataset = await open(tree, { resize: { size: [5, 6], filter: 'bicubic' } });
    expect(dataset).toMatchObject({ length: 5, shape: [3, 5, 6] });
    expect((await content(dataset)).bytes).toEqual([3, 4, 1, 2, 5]);
  });

  it('is opened anew for another size', async () => {
    const tree = treeOf(classes);
    const sizes: Dataset['shape'][] = [];
    for (const side of [4, 5]) {
      sizes.push((await open(tree, { resize: { size: [side, side], filter: 'bilinear' } })).shape);
    }
    expect(sizes).toEqual([
      [3, 4, 4],
      [3, 5, 5],
    ]);
  });

  it('without pictures, or with a class that has none, is refused', async () => {
    await expect(open(treeOf({ 'notes.txt': Uint8Array.of(1) }))).rejects.toEqual(
      failure('DATA_NOT_FOUND', 'class folders'),
    );
    await expect(open(treeOf({ ...classes, 'eel/x.gif': Uint8Array.of(1) }))).rejects.toEqual(
      failure('DATA_INVALID', 'eel', 'no PNG or JPEG'),
    );
  });

  it('with a damaged picture says which', async () => {
    const tree = treeOf({ ...classes, 'dog/a.png': colour(1).subarray(0, 50) });
    await expect(open(tree)).rejects.toEqual(failure('DATA_INVALID', 'a.png', 'truncated'));
  });
});

const CSV =
  'Width,Height,Roi.X1,Roi.Y1,Roi.X2,Roi.Y2,ClassId,Path\r\n2,2,0,0,1,1,3,Test/b.png\r\n2,2,0,0,1,1,0,Test/a.png\r\n';
const listed = { 'Test.csv': Buffer.from(CSV), 'Test/a.png': colour(1), 'Test/b.png': colour(2) };

describe('a CSV list of pictures', () => {
  it('gives whole pictures in the order of its lines', async () => {
    const dataset = await open(join(treeOf(listed), 'Test.csv'));
    expect(dataset).toMatchObject({ id: 'Test', shape: [3, 2, 2], numClasses: 4 });
    expect(await content(dataset)).toEqual({ bytes: [2, 1], labels: [3, 0] });
  });

  it.each([
    ['semicolons and other names of columns', 'Filename;Width;ClassId\nTest/a.png;2;5\n'],
    ['quotes and a byte order mark', '\uFEFF"Path","ClassId"\n"Test/a.png","5"\n\n'],
    ['labels in lower case, no line end', 'image,label\nTest/a.png,5'],
  ])('may have %s', async (_, csv) => {
    const tree = treeOf({ ...listed, 'Test.csv': Buffer.from(csv) });
    expect(await content(await open(join(tree, 'Test.csv')))).toEqual({ bytes: [1], labels: [5] });
  });

  it('is found in a folder: the one called after the split, or the only one', async () => {
    const extra = Buffer.from('Path,ClassId\nTest/a.png,1\n');
    expect((await open(treeOf({ ...listed, 'extra.csv': extra }))).length).toBe(2);
    const pictures = { 'Test/a.png': listed['Test/a.png'] };
    const only = await open(treeOf({ ...pictures, 'extra.csv': extra }));
    expect(await content(only)).toEqual({ bytes: [1], labels: [1] });
    const two = treeOf({ ...pictures, 'extra.csv': extra, 'third.csv': extra });
    await expect(open(two)).rejects.toEqual(failure('DATA_INVALID', 'extra.csv, third.csv'));
  });

  it.each([
    [
      'a file that is not there',
      'Path,ClassId\nTest/a.png,1\nTest/z.png,1\n',
      'DATA_NOT_FOUND',
      'lists 2',
      '1 of which',
      'z.png',
    ],
    [
      'a class that is no number',
      'Path,ClassId\nTest/a.png,1\nTest/b.png,stop\n',
      'DATA_INVALID',
      'line 3',
      'stop',
    ],
    ['a negative class', 'Path,ClassId\nTest/a.png,-1\n', 'DATA_INVALID', 'line 2', '-1'],
    ['a line that is cut short', 'ClassId,Path\n1\n', 'DATA_INVALID', 'line 2'],
    ['no column of paths', 'Name,ClassId\nTest/a.png,1\n', 'DATA_INVALID', 'no column path', 'name, classid'],
    ['no column of classes', 'Path,Sign\nTest/a.png,1\n', 'DATA_INVALID', 'no column classid'],
    ['no line but the first', 'Path,ClassId\n', 'DATA_INVALID', 'no picture'],
    ['nothing in it', '', 'DATA_INVALID', 'no column'],
  ] as [string, string, string, ...string[]][])('with %s is refused', async (_, csv, key, ...parts) => {
    const tree = treeOf({ ...listed, 'Test.csv': Buffer.from(csv) });
    await expect(open(join(tree, 'Test.csv'))).rejects.toEqual(failure(key, ...parts));
  });
});

describe('gtsrb', () => {
  const sample = Buffer.from('Path,ClassId\nTest/a.png,42\n');
  const inData = (files: Record<string, Uint8Array>): string =>
    treeOf(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`gtsrb/${name}`, bytes])));

  it('is the whole test set where it is there, else the sample of it', async () => {
    const dataDir = inData({ ...listed, 'sample_430.csv': sample });
    expect(await open('gtsrb', { dataDir })).toMatchObject({ id: 'gtsrb', length: 2, numClasses: 43 });
    rmSync(join(dataDir, 'gtsrb/Test/b.png'));
    expect(await content(await open('gtsrb', { dataDir: `${dataDir}/.` }))).toEqual({
      bytes: [1],
      labels: [42],
    });
  });

  it('with a class above 42 is refused', async () => {
    const dataDir = inData({ ...listed, 'Test.csv': Buffer.from('Path,ClassId\nTest/a.png,43\n') });
    await expect(open('gtsrb', { dataDir })).rejects.toEqual(
      failure('DATA_MISMATCH', 'a.png', '43', '0 to 42'),
    );
  });
});
