import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkCard, meaningOf, readCard } from '../../src/models/card.js';

const full = {
  schemaVersion: 1,
  id: 'a-model',
  title: 'A model',
  input: { shape: [3, 32, 32], layout: 'NCHW', bounds: [0, 1] },
  preprocessing: { scale: 255, mean: [0.1, 0.2, 0.3], std: 0.5 },
  output: 'logits',
  features: 'penultimate',
  numClasses: 10,
  gradient: 'straight-through',
  data: { source: 'cifar10', split: 'test' },
  training: { epochs: 3, anything: ['goes'] },
  licence: 'MIT',
  source: 'somewhere',
};

describe('a model card', () => {
  it('may say everything or only its version', () => {
    expect(checkCard(full, 'card')).toEqual(full);
    expect(checkCard({ schemaVersion: 1 }, 'card')).toEqual({ schemaVersion: 1 });
  });

  it.each([
    ['no version', {}, /schemaVersion/],
    ['another version', { schemaVersion: 2 }, /"schemaVersion".*1/],
    ['an unknown field', { schemaVersion: 1, preprocesing: {} }, /unknown field "preprocesing"/],
    [
      'an unknown field inside',
      { schemaVersion: 1, input: { layuot: 'NCHW' } },
      /unknown field "input.layuot"/,
    ],
    ['an unknown layout', { schemaVersion: 1, input: { layout: 'CHWN' } }, /"input.layout".*"NCHW"/],
    ['unknown gradients', { schemaVersion: 1, gradient: 'exact' }, /"gradient".*"straight-through"/],
    ['a shape with a zero', { schemaVersion: 1, input: { shape: [0, 28] } }, /"input.shape.0"/],
    [
      'bounds that descend',
      { schemaVersion: 1, input: { bounds: [1, 0] } },
      /input.bounds must ascend.*\[1, 0\]/,
    ],
    ['three bounds', { schemaVersion: 1, input: { bounds: [0, 1, 2] } }, /"input.bounds"/],
    ['a mean in words', { schemaVersion: 1, preprocessing: { mean: 'half' } }, /"preprocessing.mean"/],
    [
      'a deviation of zero',
      { schemaVersion: 1, preprocessing: { std: [1, 0, 1] } },
      /preprocessing.std must be positive/,
    ],
    ['one class', { schemaVersion: 1, numClasses: 1 }, /"numClasses"/],
    ['a list', [], /the card/],
  ])('with %s is refused, naming the field', (_what, card, message) => {
    expect(() => checkCard(card, 'my.card.json')).toThrow(message);
    expect(() => checkCard(card, 'my.card.json')).toThrow(/^my\.card\.json: /);
    expect(() => checkCard(card, 'my.card.json')).toThrow(expect.objectContaining({ key: 'CARD_INVALID' }));
  });

  it('changes the meaning of a model by input, preprocessing, output and features alone', () => {
    expect(Object.keys(meaningOf(checkCard(full, 'card'))).sort()).toEqual([
      'features',
      'input',
      'output',
      'preprocessing',
    ]);
  });

  it('that is not JSON, or not there, is refused with its path', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'gauntlet-card-')), 'card.json');
    await expect(readCard(path)).rejects.toMatchObject({
      key: 'CARD_INVALID',
      message: expect.stringContaining(path),
    });
    await writeFile(path, '{ "schemaVersion": 1,');
    await expect(readCard(path)).rejects.toMatchObject({
      key: 'CARD_INVALID',
      message: expect.stringContaining(path),
    });
  });
});
