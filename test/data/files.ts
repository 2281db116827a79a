import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

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
  return Buffer.concat(
    labels.map((label, r) =>
      Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : (i - 1 + r) % 256)),
    ),
  );
}

/** Three images of 2 x 2 pixels with labels 0, 9, 4, in the file names of MNIST's test split. */
export const tinyIdx = {
  't10k-images-idx3-ubyte': idxFile([3, 2, 2], [0, 1, 2, 3, 252, 253, 254, 255, 100, 101, 102, 103]),
  't10k-labels-idx1-ubyte': idxFile([3], [0, 9, 4]),
};
