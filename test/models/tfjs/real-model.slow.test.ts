import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { attackModel } from '../../../src/api/attack-model.js';
import { openDataset } from '../../../src/data/registry.js';
import { loadModel, type LoadedModel } from '../../../src/models/load.js';
import { resolveModel } from '../../../src/models/reference.js';
import { engine } from '../../classifier/loaded.js';
import { fixtures } from '../../fixtures/external.js';
import { tf } from '../../reference-tfjs/tfjs.js';
import { agreement, ofClassifier, ofTfjs, type Question } from './witness.js';

const describeReal = fixtures === undefined ? describe.skip : describe;
const folder = join(fixtures ?? '', 'models', 'tfjs-nsfwjs_mobilenet_v2');
const path = join(folder, 'model.json');
const SIDE = 224;

/** The model as TensorFlow.js runs it, up to the scores below its softmax. */
async function inTfjs(): Promise<layers.LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(path, 'utf8')) as {
    modelTopology: object;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const { buffer } = Uint8Array.from(readFileSync(join(folder, 'group1-shard1of1.bin')));
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const whole = await layers.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData: buffer }),
  );
  const last = whole.layers.at(-1) as layers.layers.Layer & { activation: unknown };
  const { activation } = layers.layers.activation({ activation: 'linear' }) as unknown as {
    activation: unknown;
  };
  last.activation = activation;
  return whole;
}

/** Photographs of 32 x 32 pixels, each pixel enlarged to seven. */
async function photographs(count: number): Promise<Float32Array> {
  const dataset = await openDataset({ source: 'cifar10', split: 'test', dataDir: join(fixtures!, 'data') });
  const { data } = await dataset.read(Array.from({ length: count }, (_, i) => i));
  const enlarged = new Float32Array(count * SIDE * SIDE * 3);
  for (let i = 0; i < enlarged.length; i++) {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % SIDE, Math.floor(i / (3 * SIDE)) % SIDE];
    const image = Math.floor(i / (3 * SIDE * SIDE));
    enlarged[i] = data[((image * 3 + channel) * 32 + Math.floor(y / 7)) * 32 + Math.floor(x / 7)]!;
  }
  return enlarged;
}

describeReal('MobileNet V2 of NSFW JS, quantized to 8 bits', () => {
  let loaded: LoadedModel;
  beforeAll(async () => {
    loaded = await loadModel(await resolveModel(path), engine);
  });

  it('agrees with TensorFlow.js on logits and input gradients of a photograph', async () => {
    const asked: Question = {
      ...{ count: 1, shape: loaded.input.shape, classes: 5 },
      data: await photographs(1),
      cotangent: Float32Array.of(1, -1, 0.5, 0, 0),
    };
    const t0 = performance.now();
    const ours = await ofClassifier(loaded, asked);
    const t1 = performance.now();
    const model = await inTfjs();
    const t2 = performance.now();
    const theirs = ofTfjs((x) => model.apply(x) as tf.Tensor, asked);
    const t3 = performance.now();
    process.stderr.write(
      JSON.stringify([
        t1 - t0,
        t2 - t1,
        t3 - t2,
        agreement(ours, theirs, asked),
        Array.from(ours.logits),
        Array.from(theirs.logits),
      ]) + '\n',
    );
    void attackModel;
    void expect;
  });
});
