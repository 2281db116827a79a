import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resizeOf } from '../../src/models/resize.js';
import { folderOf } from '../data/files.js';

const folder = folderOf({});

/** A model whose card has that `data`. */
function model(id: string, data?: object): { id: string; card: string } {
  const card = join(folder, `${id}.card.json`);
  writeFileSync(card, JSON.stringify({ schemaVersion: 1, ...(data && { data }) }));
  return { id, card };
}
const to = (height: number, width: number, filter = 'bicubic'): object => ({
  source: 'gtsrb',
  resize: { size: [height, width], filter },
});

describe('how the models of a table want pictures resized', () => {
  it('is what a card says; cards that say nothing do not mind', async () => {
    const [silent, plain] = [{ id: 'silent' }, model('plain', { source: 'gtsrb' })];
    expect(await resizeOf([silent, plain])).toEqual({});
    expect(await resizeOf([silent, model('a', to(30, 20)), plain, model('b', to(30, 20))])).toEqual({
      resize: { size: [30, 20], filter: 'bicubic' },
    });
  });

  it('may give the shorter side and the square that is cut from the middle', async () => {
    const resize = { size: 256, filter: 'bilinear', crop: 224 };
    expect(await resizeOf([model('imagenet', { source: 'val', resize })])).toEqual({ resize });
  });

  it.each([[to(30, 30)], [to(30, 20, 'bilinear')]])(
    'has to be the same for all of them: they are compared on the same examples',
    async (other) => {
      await expect(resizeOf([model('a', to(30, 20)), model('b', other)])).rejects.toMatchObject({
        key: 'SUITE_MISMATCH',
        message: expect.stringMatching(/^a .*30 x 20 \(bicubic\), b /),
      });
    },
  );

  it.each([
    [to(0, 30)],
    [to(30, 30, 'nearest')],
    [{ source: 'gtsrb', resize: { size: [30] } }],
    [{ source: 'x', resize: { size: 256, filter: 'bicubic', crop: 0 } }],
  ])('is checked: %j', async (data) => {
    await expect(resizeOf([model('bad', data)])).rejects.toMatchObject({ key: 'CARD_INVALID' });
  });
});
