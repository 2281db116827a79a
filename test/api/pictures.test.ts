import { expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attackModel } from '../../src/api/attack-model.js';
import { openDataset } from '../../src/data/registry.js';
import { treeOf } from '../data/files.js';
import { plainPng } from '../data/png-file.js';

/** A grey picture with every pixel doubled in both directions. */
function doubled(pixels: Uint8Array, side: number): Uint8Array {
  const wide = 2 * side;
  return plainPng(
    wide,
    wide,
    Uint8Array.from({ length: wide * wide }, (_, i) => {
      const [row, column] = [Math.floor(i / wide) >> 1, (i % wide) >> 1];
      return pixels[row * side + column]!;
    }),
  );
}

it('a folder of pictures of several sizes is evaluated as the model’s card says', async () => {
  const mnist = await openDataset({ source: 'mnist', split: 'test' });
  const { data, labels } = await mnist.read(Array.from({ length: 20 }, (_, i) => i));
  const pictures = Array.from(labels, (label, i): [string, Uint8Array] => {
    const pixels = Uint8Array.from(data.subarray(i * 784, (i + 1) * 784), (value) => Math.round(value * 255));
    return [`${label}/${i}.png`, i % 2 === 0 ? plainPng(28, 28, pixels) : doubled(pixels, 28)];
  });
  // Every class has its folder, or the labels would shift.
  const blank = plainPng(28, 28, new Uint8Array(784));
  const classes = Array.from({ length: 10 }, (_, label): [string, Uint8Array] => [`${label}/x.png`, blank]);
  const source = treeOf(Object.fromEntries([...classes, ...pictures]));
  const card = join(source, 'card.json');
  const attack = (resize?: object) => {
    writeFileSync(card, JSON.stringify({ schemaVersion: 1, data: { source, ...(resize && { resize }) } }));
    const threat = { kind: 'lp', norm: 'linf', epsilon: 0.1 } as const;
    return attackModel(
      { model: 'zoo/mnist-mlp-nopen/model.onnx', card, attack: 'fgsm', threat },
      { executor: 'inline' },
    );
  };

  const { cell } = await attack({ size: [28, 28], filter: 'bilinear' });
  expect(cell).toMatchObject({ status: 'completed', n: 30 });
  // 20 genuine digits, half of them once enlarged and shrunk again; ten blank pictures, of which the model gets one right.
  expect(cell.status === 'completed' && cell.clean.correct).toBeGreaterThanOrEqual(19);
  await expect(attack()).rejects.toMatchObject({
    key: 'DATA_INVALID',
    message: expect.stringContaining('differ in size'),
  });
});
