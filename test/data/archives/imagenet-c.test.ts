import { describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { plainPng } from '../png-file.js';
import { failure, treeOf } from '../files.js';
import { open } from './opened.js';

/** Two corruptions, two classes, three images of 3 x 4 pixels; one colour per image. */
const shade = (name: string, severity: number, image: number): number =>
  (name === 'fog' ? 0 : 100) + severity * 10 + image;
const imagenetFiles = Object.fromEntries(
  ['fog', 'snow'].flatMap((name) =>
    [1, 5].flatMap((severity) =>
      ['n02/b.png', 'n02/a.png', 'n10/c.png'].map((file, image) => [
        `${name}/${severity}/${file}`,
        plainPng(4, 3, new Uint8Array(36).fill(shade(name, severity, image))),
      ]),
    ),
  ),
) as Record<string, Uint8Array>;

describe('ImageNet-C', () => {
  it('numbers classes and images by name', async () => {
    const archive = await open(treeOf({ ...imagenetFiles, 'fog/1/n10/notes.txt': Uint8Array.of(1) }));
    expect(archive).toMatchObject({
      kind: 'imagenet-c',
      names: ['fog', 'snow'],
      clean: null,
      length: 3,
      shape: [3, 3, 4],
      numClasses: 2,
    });
    expect(archive.severities('snow')).toEqual([1, 5]);
    const { data, labels, keys } = await archive.read('snow', 5, [2, 0, 1]);
    expect([0, 1, 2].map((row) => data[row * 36])).toEqual(
      [2, 1, 0].map((image) => Math.fround(shade('snow', 5, image) / 255)),
    );
    expect([Array.from(labels), keys]).toEqual([
      [1, 0, 0],
      [2, 0, 1],
    ]);
  });

  it('crops larger images to their middle', async () => {
    const folder = treeOf(imagenetFiles);
    // Columns 0 1 2 3 of each row are 0 60 120 180.
    const ramp = plainPng(
      4,
      3,
      Uint8Array.from({ length: 36 }, (_, i) => 60 * (Math.floor(i / 3) % 4)),
    );
    writeFileSync(join(folder, 'fog/1/n02/a.png'), ramp);
    const archive = await open(folder, { crop: 2 });
    expect(archive.shape).toEqual([3, 2, 2]);
    const { data } = await archive.read('fog', 1, [0]);
    expect(Array.from(data.subarray(0, 4))).toEqual(
      [60, 120, 60, 120].map((level) => Math.fround(level / 255)),
    );
  });

  it('may hold JPEG files, and grey ones among the coloured', async () => {
    const folder = treeOf(imagenetFiles);
    const grey = await sharp(new Uint8Array(12).fill(90), { raw: { width: 4, height: 3, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ quality: 100 })
      .toBuffer();
    writeFileSync(join(folder, 'fog/5/n02/a.png'), grey);
    const { data, shape } = await (await open(folder)).read('fog', 5, [0]);
    expect([shape, data.length]).toEqual([[3, 3, 4], 36]);
    for (const value of data) expect(Math.abs(value - 90 / 255)).toBeLessThan(1.5 / 255);
  });

  it('whose class folders differ between corruptions is refused: labels would shift', async () => {
    const folder = treeOf(imagenetFiles);
    rmSync(join(folder, 'snow/5/n02'), { recursive: true });
    await expect(open(folder)).rejects.toEqual(failure('DATA_MISMATCH', 'has 2', join('snow', '5'), 'has 1'));
  });

  it('that lacks an image, has a damaged one or one of another size says which', async () => {
    const folder = treeOf(imagenetFiles);
    rmSync(join(folder, 'snow/1/n02/a.png'));
    writeFileSync(join(folder, 'snow/1/n02/b.png'), Uint8Array.of(1, 2, 3));
    writeFileSync(join(folder, 'snow/1/n10/c.png'), plainPng(2, 2, new Uint8Array(12)));
    const archive = await open(folder);
    await expect(archive.read('snow', 1, [0])).rejects.toEqual(
      failure('DATA_NOT_FOUND', join('n02', 'a.png')),
    );
    await expect(archive.read('snow', 1, [1])).rejects.toEqual(failure('DATA_INVALID', join('n02', 'b.png')));
    await expect(archive.read('snow', 1, [2])).rejects.toEqual(
      failure('DATA_MISMATCH', 'c.png', '3 x 2 x 2'),
    );
  });
});
