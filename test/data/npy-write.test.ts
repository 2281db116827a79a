import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { formatNpy, parseNpy } from '../../src/data/npy.js';
import { createNpy, hashFile } from '../../src/data/npy-write.js';
import { sha256 } from '../../src/fingerprint.js';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-npy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = (first: number, count: number, size: number) =>
  Uint8Array.from({ length: count * size }, (_value, i) => (first * size + i) % 256);

async function written(name: string, dims: readonly number[], order: readonly (readonly [number, number])[]) {
  const path = join(folder, name);
  const size = dims.slice(1).reduce((product, dim) => product * dim, 1);
  const writer = await createNpy(path, dims);
  await Promise.all(order.map(([first, count]) => writer.writeRows(first, rows(first, count, size))));
  await writer.finish();
  return path;
}

describe('an .npy file written in pieces', () => {
  it.each<[readonly number[], (readonly [number, number])[]]>([
    [[7, 3, 2, 3], [[0, 7]]],
    [
      [7, 3, 2, 3],
      [
        [5, 2],
        [0, 2],
        [2, 3],
      ],
    ],
    [
      [300],
      [
        [128, 172],
        [0, 128],
      ],
    ],
    [[1, 1], [[0, 1]]],
  ])('of shape %j from %j has the bytes of one written at once', async (dims, order) => {
    const path = await written('pieces.npy', dims, order);
    const size = dims.slice(1).reduce((product, dim) => product * dim, 1);
    const tensor = { type: 'uint8', dims, data: rows(0, dims[0]!, size) } as const;
    const bytes = readFileSync(path);
    expect(new Uint8Array(bytes)).toEqual(formatNpy(tensor));
    expect(parseNpy(bytes, path)).toEqual(tensor);
    expect(await hashFile(path)).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
  });

  it('does not have its name before it is whole', async () => {
    const path = join(folder, 'half.npy');
    const writer = await createNpy(path, [4, 2]);
    await writer.writeRows(2, rows(2, 2, 2));
    expect(existsSync(path)).toBe(false);
    await expect(writer.finish()).rejects.toThrow('4 bytes were never written');
    await writer.abandon();
    expect(readdirSync(folder).filter((name) => name.startsWith('half'))).toEqual([]);
  });
});

/** Whether there is a NumPy to ask. */
function numpy(): boolean {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

(numpy() ? describe : describe.skip)("NumPy's own reader (skipped without python3 and numpy)", () => {
  it('reads the same array', async () => {
    const path = await written(
      'numpy.npy',
      [300, 4, 5, 3],
      [
        [100, 200],
        [0, 100],
      ],
    );
    const script =
      'import numpy, sys; a = numpy.load(sys.argv[1]); ' +
      'print(a.dtype, a.shape, a.flags.c_contiguous, a[299, 3, 4, 2], int(a.astype(int).sum()))';
    const size = 60;
    const all = rows(0, 300, size);
    const sum = all.reduce((total, value) => total + value, 0);
    const said = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' });
    expect(said.trim()).toBe(`uint8 (300, 4, 5, 3) True ${all.at(-1)} ${sum}`);
  });
});
