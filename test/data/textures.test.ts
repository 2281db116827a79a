import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openTextures, texturesOf } from '../../src/data/textures.js';
import { folderOf } from './files.js';
import { plainPng } from './png-file.js';

const red = plainPng(2, 1, Uint8Array.of(255, 0, 0, 102, 51, 0));
const grey = plainPng(1, 2, Uint8Array.of(51, 255));

describe('a folder of photographs', () => {
  it('is read in the order of the file names, channels first, grey ones with three equal channels', async () => {
    const folder = folderOf({ 'b.PNG': grey, 'a.png': red, 'README.md': Uint8Array.of(35) });
    const { reference, images } = await openTextures(folder);
    expect(reference.folder).toBe(folder);
    expect(images.map(({ shape }) => shape)).toEqual([
      [3, 1, 2],
      [3, 2, 1],
    ]);
    expect(images[0]!.data).toEqual(Float32Array.of(1, 0.4, 0, 0.2, 0, 0));
    expect(images[1]!.data).toEqual(Float32Array.of(0.2, 1, 0.2, 1, 0.2, 1));
  });

  it('is known by its content, wherever it lies and whatever the files are called', async () => {
    const hashOf = async (files: Record<string, Uint8Array>) =>
      (await openTextures(folderOf(files))).reference.sha256;
    const hash = await hashOf({ 'a.png': red, 'b.png': grey });
    expect(await hashOf({ '1.png': red, '2.png': grey })).toBe(hash);
    expect(await hashOf({ '1.png': grey, '2.png': red })).not.toBe(hash);
    expect(await hashOf({ 'a.png': red })).not.toBe(hash);
  });

  it('is refused by a reference to what it was before', async () => {
    const reference = { folder: folderOf({ 'a.png': red }), sha256: '0'.repeat(64) };
    await expect(texturesOf(reference)).rejects.toMatchObject({
      key: 'DATA_INVALID',
      message: expect.stringMatching(/have changed since the run was planned/) as unknown,
    });
  });

  it.each<[string, string, string]>([
    ['that does not exist', join(folderOf({}), 'nowhere'), 'DATA_NOT_FOUND'],
    ['without photographs', folderOf({ 'notes.txt': Uint8Array.of(1) }), 'DATA_NOT_FOUND'],
    ['with a truncated one', folderOf({ 'a.png': red.subarray(0, 40) }), 'DATA_INVALID'],
    ['with something else by that name', folderOf({ 'a.jpg': Uint8Array.of(1, 2, 3, 4) }), 'DATA_INVALID'],
  ])('%s is refused', async (_what, folder, key) => {
    await expect(openTextures(folder)).rejects.toMatchObject({ key });
  });

  it('that was refused can be tried again', async () => {
    const folder = folderOf({});
    await expect(openTextures(folder)).rejects.toThrow('holds no PNG or JPEG files');
    writeFileSync(join(folder, 'a.png'), red);
    expect((await openTextures(folder)).images).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
