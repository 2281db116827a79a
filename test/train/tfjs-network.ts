import type { NetworkSpec } from '../../src/models/architectures/network.js';
import type { BackboneId } from '../../src/models/architectures/registry.js';
import type { FloatTensor } from '../../src/tensor/tensor.js';
import type { LossSpec } from '../../src/train/losses.js';
import type { PenaltyId } from '../../src/train/penalties.js';
import { tf } from '../reference-tfjs/tfjs.js';

type Value = ReturnType<typeof tf.tensor>;

const activate = {
  relu: tf.relu,
  silu: (x: Value) => tf.mul(x, tf.sigmoid(x)),
} as const;

/** Layers as TensorFlow.js has them, channels last, with the weights of ours. */
function layersOf(weights: Readonly<Record<string, Value>>, activation: NetworkSpec['activation']) {
  const act = activate[activation];
  const kernel = (name: string) => tf.transpose(weights[`${name}.weight`]!, [2, 3, 1, 0]);
  const dense = (x: Value, layer: string) =>
    tf.add(tf.matMul(x, weights[`${layer}.weight`]!, false, true), weights[`${layer}.bias`]!);
  /** Zero padding as in our convolutions: half the kernel on every side, at any stride. */
  const conv = (x: Value, name: string, stride = 1): Value => {
    const filter = kernel(name);
    const pad = (filter.shape[0] - 1) / 2;
    const padded = tf.pad(x, [
      [0, 0],
      [pad, pad],
      [pad, pad],
      [0, 0],
    ]);
    return tf.conv2d(padded as never, filter as never, stride, 'valid');
  };
  const norm = (x: Value, name: string): Value => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const unit = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(unit, weights[`${name}.weight`]!), weights[`${name}.bias`]!);
  };
  const convNorm = (x: Value, name: string, stride = 1) => norm(conv(x, name, stride), `${name}.norm`);
  /** A residual block of the given convolutions; the one of 3x3 that comes first has the stride. */
  const block = (x: Value, name: string, convolutions: number, stride: number): Value => {
    const strided = convolutions === 2 ? 1 : 2;
    let inner = x;
    for (let i = 1; i <= convolutions; i++) {
      inner = convNorm(inner, `${name}.conv${i}`, i === strided ? stride : 1);
      if (i < convolutions) inner = act(inner);
    }
    const hasShortcut = `${name}.shortcut.weight` in weights;
    return act(tf.add(inner, hasShortcut ? convNorm(x, `${name}.shortcut`, stride) : x));
  };
  const residual = (x: Value, stages: readonly number[], convolutions: number): Value => {
    let image = act(convNorm(x, 'backbone.stem'));
    stages.forEach((blocks, s) => {
      for (let b = 0; b < blocks; b++) {
        const stride = s > 0 && b === 0 ? 2 : 1;
        image = block(image, `backbone.stage${s + 1}.block${b + 1}`, convolutions, stride);
      }
    });
    return tf.mean(image, [1, 2]);
  };
  const plain = (x: Value, channels: readonly number[], widths: readonly number[]): Value => {
    let image = x;
    channels.forEach((_, i) => {
      const name = `backbone.conv${i + 1}`;
      image = tf.maxPool(act(tf.add(conv(image, name), weights[`${name}.bias`]!)) as never, 2, 2, 'valid');
    });
    let flat: Value = tf.reshape(tf.transpose(image, [0, 3, 1, 2]), [image.shape[0], -1]);
    widths.forEach((_, i) => (flat = act(dense(flat, `backbone.dense${i + 1}`))));
    return flat;
  };
  return { act, dense, residual, plain };
}

/** The network of `spec` in training mode, written again in TensorFlow.js; returns logits and penultimate output. */
function forward(spec: NetworkSpec, weights: Readonly<Record<string, Value>>, images: Value) {
  const { act, dense, residual, plain } = layersOf(weights, spec.activation);
  const perChannel = (values: readonly number[]) => tf.tensor4d([...values], [1, values.length, 1, 1]);
  const { mean, std } = spec.input;
  const centred = tf.div(tf.sub(images, perChannel(mean)), perChannel(std));
  const x = tf.transpose(centred, [0, 2, 3, 1]);
  const backbones = {
    mlp: ({ widths }: { widths: readonly number[] }) => plain(x, [], widths),
    cnn: ({ channels, widths }: { channels: readonly number[]; widths: readonly number[] }) =>
      plain(x, channels, widths),
    resnet: ({ depth }: { depth: number }) => residual(x, Array<number>(3).fill((depth - 2) / 6), 2),
    resnet18: () => residual(x, [2, 2, 2, 2], 2),
    resnet50: () => residual(x, [3, 4, 6, 3], 3),
  };
  let features = backbones[spec.backbone.kind as BackboneId](spec.backbone as never);
  if ('penultimate.weight' in weights) features = dense(features, 'penultimate');
  if (spec.head === 'nonlinpen') features = act(features);
  if (spec.cosine === undefined) return { features, logits: dense(features, 'output') };
  const unit = (rows: Value) => tf.div(rows, tf.norm(rows, 2, 1, true));
  const cosines = tf.matMul(unit(features), unit(weights['output.weight']!), false, true);
  return { features, logits: tf.mul(cosines, spec.cosine.scale) };
}

/** With the margin added to the angle itself, which the arc cosine gives. */
function marginal(logits: Value, labels: Value, { margin, scale }: LossSpec): Value {
  const angle = tf.acos(tf.div(logits, scale));
  return tf.mul(tf.cos(tf.add(angle, tf.mul(labels, margin))), scale);
}

const penalty: Readonly<Record<PenaltyId, (z: Value) => Value>> = {
  'mean-square': (z) => tf.mean(tf.square(z)),
  exp: (z) => tf.exp(tf.mean(tf.square(z))),
  l1: (z) => tf.mean(tf.abs(z)),
  'exp-l1': (z) => tf.exp(tf.mean(tf.abs(z))),
};

export interface ReferenceLoss {
  readonly penalty?: { readonly kind: PenaltyId; readonly strength: number };
  readonly loss?: LossSpec;
  /** Factors of the logits. */
  readonly mask?: FloatTensor;
}

/** Loss and its gradient with respect to every weight, by TensorFlow.js. */
export function referenceGradients(
  spec: NetworkSpec,
  weights: ReadonlyMap<string, FloatTensor>,
  images: FloatTensor,
  oneHot: FloatTensor,
  terms: ReferenceLoss,
): { loss: number; gradients: Map<string, Float32Array> } {
  const names = [...weights.keys()];
  const loss = (...values: Value[]) => {
    const named = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const { logits, features } = forward(spec, named, tf.tensor4d(images.data, images.dims as never));
    const labels = tf.tensor2d(oneHot.data, oneHot.dims as never);
    const kept = terms.mask === undefined ? logits : tf.mul(logits, tf.tensor(terms.mask.data, logits.shape));
    const scored = terms.loss === undefined ? kept : marginal(kept, labels, terms.loss);
    const entropy = tf.mean(tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(scored)), 1)));
    if (terms.penalty === undefined) return entropy;
    return tf.add(entropy, tf.mul(terms.penalty.strength, penalty[terms.penalty.kind](features)));
  };
  const at = names.map((name) => tf.tensor(weights.get(name)!.data, [...weights.get(name)!.dims]));
  const { value, grads } = tf.valueAndGrads(loss)(at);
  return {
    loss: Number(value.dataSync()[0]),
    gradients: new Map(names.map((name, i) => [name, grads[i]!.dataSync() as Float32Array])),
  };
}
