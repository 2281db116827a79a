/**
 * Runs a layers model in TensorFlow.js: `node tfjs-child.mjs MODEL_JSON ASKED ANSWER`. A process of its own, because the loops of
 * its backend are several times slower in Jest's realm. ASKED is JSON: shape and count, base64 of the examples, and the cotangent
 * or null for no gradient. ANSWER will hold logits (below the softmax) and gradient likewise.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';

const [path, askedPath, answerPath] = process.argv.slice(2);
tf.env().set('IS_TEST', true);
await tf.setBackend('cpu');

const { modelTopology, weightsManifest } = JSON.parse(readFileSync(path, 'utf8'));
const shards = weightsManifest.flatMap(({ paths }) =>
  paths.map((name) => readFileSync(join(dirname(path), name))),
);
const weightData = Uint8Array.from(Buffer.concat(shards)).buffer;
const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
const model = await layers.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
model.layers.at(-1).activation = layers.layers.activation({ activation: 'linear' }).activation;

const asked = JSON.parse(readFileSync(askedPath, 'utf8'));
const bytes = Uint8Array.from(Buffer.from(asked.data, 'base64'));
const x = tf.tensor(new Float32Array(bytes.buffer), [asked.count, ...asked.shape]);
const encoded = (tensor) => Buffer.from(tensor.dataSync().buffer).toString('base64');
const slope = () =>
  tf.grad((point) =>
    tf.sum(tf.mul(model.apply(point), tf.tensor(asked.cotangent, [asked.count, asked.classes]))),
  )(x);
writeFileSync(
  answerPath,
  JSON.stringify({
    logits: encoded(model.apply(x)),
    gradient: asked.cotangent === null ? null : encoded(slope()),
  }),
);
