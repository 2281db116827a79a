import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { attackModel } from '../../../src/api/attack-model.js';
import { createClassifier } from '../../../src/classifier/engine-classifier.js';
import { argmax } from '../../../src/classifier/classifier.js';
import { writeNpz } from '../../../src/data/npz.js';
import { openDataset } from '../../../src/data/registry.js';
import { loadModel } from '../../../src/models/load.js';
import { resolveModel } from '../../../src/models/reference.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { engine } from '../../classifier/loaded.js';
import { fixtures } from '../../fixtures/external.js';
import { agreement, ofClassifier, type Answer, type Question } from './witness.js';

const describeReal = fixtures === undefined ? describe.skip : describe;
const original = join(fixtures ?? '', 'models', 'tfjs-nsfwjs_mobilenet_v2');
const WEIGHTS = 'group1-shard1of1.bin';
const scratch = mkdtempSync(join(tmpdir(), 'gauntlet-mobilenet-'));

/** Photographs of 32 x 32 pixels, each pixel enlarged, channels last. */
async function photographs(count: number, side: number): Promise<Float32Array> {
  const dataset = await openDataset({ source: 'cifar10', split: 'test', dataDir: join(fixtures!, 'data') });
  const { data } = await dataset.read(Array.from({ length: count }, (_, i) => i));
  const enlarged = new Float32Array(count * side * side * 3);
  const times = side / 32;
  for (let i = 0; i < enlarged.length; i++) {
    const pixel = Math.floor(i / 3);
    const [image, y, x] = [Math.floor(pixel / side ** 2), Math.floor(pixel / side) % side, pixel % side];
    enlarged[i] = data[((image * 3 + (i % 3)) * 32 + Math.floor(y / times)) * 32 + Math.floor(x / times)]!;
  }
  return enlarged;
}

/** What TensorFlow.js computes, in a process of its own. */
async function inTfjs(path: string, asked: Question, withGradient: boolean): Promise<Answer> {
  const [question, answer] = [join(scratch, 'asked.json'), join(scratch, 'answer.json')];
  const data = Buffer.from(asked.data.buffer).toString('base64');
  const cotangent = withGradient ? Array.from(asked.cotangent) : null;
  writeFileSync(question, JSON.stringify({ ...asked, data, cotangent }));
  const child = resolve('test/models/tfjs/tfjs-child.mjs');
  await promisify(execFile)(process.execPath, [child, path, question, answer]);
  const { logits, gradient } = JSON.parse(readFileSync(answer, 'utf8')) as Record<string, string | null>;
  const floats = (text: string | null | undefined): Float32Array =>
    new Float32Array(Uint8Array.from(Buffer.from(text ?? '', 'base64')).buffer);
  return { logits: floats(logits), gradient: floats(gradient) };
}

interface LayerJson {
  class_name: string;
  config: Record<string, unknown>;
}

/** The model for images of 64 x 64 pixels, with a smooth function in the place of its ReLU6 if wanted. */
function smaller(activation: 'ReLU' | 'ELU'): string {
  const json = JSON.parse(readFileSync(join(original, 'model.json'), 'utf8')) as {
    modelTopology: { model_config: { config: { layers: LayerJson[] } } };
  };
  for (const layer of json.modelTopology.model_config.config.layers) {
    if (layer.class_name === 'InputLayer') layer.config['batch_input_shape'] = [null, 64, 64, 3];
    if (layer.class_name === 'AveragePooling2D')
      Object.assign(layer.config, { pool_size: [2, 2], strides: [2, 2] });
    if (layer.class_name === 'ReLU') layer.class_name = activation;
  }
  const folder = mkdtempSync(join(scratch, 'smaller-'));
  writeFileSync(join(folder, 'model.json'), JSON.stringify(json));
  copyFileSync(join(original, WEIGHTS), join(folder, WEIGHTS));
  return join(folder, 'model.json');
}

describeReal('MobileNet V2 of NSFW JS, quantized to 8 bits,', () => {
  const asked = async (side: number, count: number): Promise<Question> => ({
    ...{ count, shape: [side, side, 3], classes: 5 },
    data: await photographs(count, side),
    cotangent: Float32Array.from({ length: 5 * count }, (_, i) => [1, -1, 0.5, 0, 0.25][i % 5]!),
  });
  const load = async (path: string) => loadModel(await resolveModel(path), engine);

  it('has the logits of TensorFlow.js on a photograph', async () => {
    const path = join(original, 'model.json');
    const question = await asked(224, 1);
    const classifier = await createClassifier(await load(path), engine, { threads: 1 });
    const logits = await classifier.logits({ shape: question.shape, data: question.data, keys: [0] });
    await classifier.dispose();
    const expected = await inTfjs(path, question, false);
    expect(
      agreement({ logits, gradient: logits }, { ...expected, gradient: logits }, question).logits,
    ).toBeLessThan(1e-5);
  });

  it('has the gradients of TensorFlow.js in every weight and way, with a smooth function for ReLU6', async () => {
    const path = smaller('ELU');
    const question = await asked(64, 1);
    const found = agreement(
      await ofClassifier(await load(path), question),
      await inTfjs(path, question, true),
      question,
    );
    expect(found.logits).toBeLessThan(1e-5);
    expect(found.gradient).toBeLessThan(1e-4);
  });

  it('has the gradients of TensorFlow.js but for units at a kink, which rounding may put on either side', async () => {
    const path = smaller('ReLU');
    const question = await asked(64, 1);
    const found = agreement(
      await ofClassifier(await load(path), question),
      await inTfjs(path, question, true),
      question,
    );
    expect(found.logits).toBeLessThan(1e-5);
    expect(found.gradient).toBeLessThan(0.03);
  });

  describe('attacked', () => {
    let data: string;
    beforeAll(async () => {
      const { count, shape, data: images } = await asked(224, 2);
      const classifier = await createClassifier(await load(join(original, 'model.json')), engine);
      const logits = await classifier.logits({ shape, data: images, keys: [0, 1] });
      await classifier.dispose();
      const labels = Int32Array.from([0, 1], (row) => argmax(logits.subarray(5 * row, 5 * row + 5)));
      data = join(scratch, 'photographs.npz');
      writeFileSync(
        data,
        writeNpz({
          images: floatTensor(images, [count, ...shape]),
          labels: { type: 'int32', dims: [count], data: labels },
        }),
      );
    });

    it('by five steps of PGD, is fooled within 2/255', async () => {
      const { cell } = await attackModel(
        {
          model: join(original, 'model.json'),
          data,
          parameters: { steps: 5 },
          threat: { kind: 'lp', norm: 'linf', epsilon: 2 / 255 },
        },
        { executor: 'inline' },
      );
      expect(cell).toMatchObject({ status: 'completed', outcomes: 'ff' });
    });
  });
});
