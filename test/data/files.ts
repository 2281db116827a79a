import { expect } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Tensor } from '../../src/tensor/tensor.js';

/** A fresh folder holding the given files. */
export function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-data-'));
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  }
  return folder;
}

/** An IDX file of unsigned bytes. */
export function idxFile(dims: readonly number[], values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * dims.length);
  bytes.writeUInt32BE(0x0800 + dims.length, 0);
  dims.forEach((dim, axis) => bytes.writeUInt32BE(dim, 4 + 4 * axis));
  return Buffer.concat([bytes, Uint8Array.from(values)]);
}

/** CIFAR-10 records with the given labels; pixel i of record r is (i + r) modulo 256. */
export function cifarFile(labels: readonly number[]): Uint8Array {
  return Buffer.concat(labels.flatMap((label, r) => [Uint8Array.of(label), cifarPixels(r)]));
}

/** CIFAR-100 records with the given coarse and fine labels. */
export function cifar100File(labels: readonly (readonly [coarse: number, fine: number])[]): Uint8Array {
  return Buffer.concat(labels.flatMap((pair, r) => [Uint8Array.from(pair), cifarPixels(r)]));
}

const cifarPixels = (record: number): Uint8Array =>
  Uint8Array.from({ length: 3072 }, (_, i) => (i + record) % 256);

/** Three images of 2 x 2 pixels with labels 0, 9, 4, in the file names of MNIST's test split. */
export const tinyIdx = {
  't10k-images-idx3-ubyte': idxFile([3, 2, 2], [0, 1, 2, 3, 252, 253, 254, 255, 100, 101, 102, 103]),
  't10k-labels-idx1-ubyte': idxFile([3], [0, 9, 4]),
};

/** An error of that key whose message has the parts, in that order. */
export const failure = (key: string, ...parts: string[]): unknown =>
  expect.objectContaining({ key, message: expect.stringMatching(new RegExp(parts.join('.*'), 's')) });

/** A byte array of that shape. */
export const bytes = (dims: number[], value: (i: number) => number): Tensor => ({
  type: 'uint8',
  dims,
  data: Uint8Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});

/** A folder tree with the given files, their paths relative to it. */
export function treeOf(files: Readonly<Record<string, Uint8Array>>): string {
  const root = folderOf({});
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
