import { afterEach, expect } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CorruptedArchive } from '../../../src/data/archives/archive.js';
import { openArchive, type ArchiveOptions } from '../../../src/data/archives/open.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { folderOf } from '../files.js';

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

const opened: CorruptedArchive[] = [];
/** Opens an archive that the end of the test closes. */
export async function open(path: string, options?: ArchiveOptions): Promise<CorruptedArchive> {
  const archive = await openArchive(path, options);
  opened.push(archive);
  return archive;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((archive) => archive.close()));
});
