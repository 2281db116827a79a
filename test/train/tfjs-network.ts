import type { NetworkSpec } from '../../src/models/architectures/registry.js';
import type { PenaltyId } from '../../src/train/penalties.js';
import type { FloatTensor } from '../../src/tensor/tensor.js';
import { tf } from '../reference-tfjs/tfjs.js';

type Tensors = Readonly<Record<string, ReturnType<typeof tf.tensor>>>;

const activate = {
  relu: tf.relu,
  silu: (x: ReturnType<typeof tf.tensor>) => tf.mul(x, tf.sigmoid(x)),
} as const;

/** The network of `spec` written again in TensorFlow.js; returns logits and penultimate output. */
function forward(spec: NetworkSpec, weights: Tensors, images: ReturnType<typeof tf.tensor4d>) {
  const act = activate[spec.activation];
  const dense = (x: ReturnType<typeof tf.tensor>, layer: string) =>
    tf.add(tf.matMul(x, weights[`${layer}.weight`]!, false, true), weights[`${layer}.bias`]!);
  const { mean, std } = spec.input;
  // NCHW to NHWC, TensorFlow's own layout.
  let x: ReturnType<typeof tf.tensor> = tf.transpose(tf.div(tf.sub(images, mean[0]!), std[0]!), [0, 2, 3, 1]);
  if (spec.backbone.kind === 'cnn') {
    spec.backbone.channels.forEach((_, i) => {
      const kernel = tf.transpose(weights[`backbone.conv${i + 1}.weight`]!, [2, 3, 1, 0]);
      const conv = tf.conv2d(x as never, kernel as never, 1, 'same');
      x = tf.maxPool(act(tf.add(conv, weights[`backbone.conv${i + 1}.bias`]!)) as never, 2, 2, 'valid');
    });
  }
  x = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [images.shape[0], -1]);
  spec.backbone.widths.forEach((_, i) => {
    x = act(dense(x, `backbone.dense${i + 1}`));
  });
  if (spec.head !== 'nopen') x = dense(x, 'penultimate');
  if (spec.head === 'nonlinpen') x = act(x);
  return { features: x, logits: dense(x, 'output') };
}

/** Loss and its gradient with respect to every weight, by TensorFlow.js. */
export function referenceGradients(
  spec: NetworkSpec,
  weights: ReadonlyMap<string, FloatTensor>,
  images: FloatTensor,
  oneHot: FloatTensor,
  penalty: { readonly kind: PenaltyId; readonly strength: number } | null,
): { loss: number; gradients: Map<string, Float32Array> } {
  const names = [...weights.keys()];
  const loss = (...values: ReturnType<typeof tf.tensor>[]) => {
    const named = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const { logits, features } = forward(spec, named, tf.tensor4d(images.data, images.dims as never));
    const labels = tf.tensor2d(oneHot.data, oneHot.dims as never);
    const entropy = tf.mean(tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1)));
    if (penalty === null) return entropy;
    const square = tf.mean(tf.square(features));
    return tf.add(entropy, tf.mul(penalty.strength, penalty.kind === 'exp' ? tf.exp(square) : square));
  };
  const at = names.map((name) => tf.tensor(weights.get(name)!.data, [...weights.get(name)!.dims]));
  const { value, grads } = tf.valueAndGrads(loss)(at);
  return {
    loss: Number(value.dataSync()[0]),
    gradients: new Map(names.map((name, i) => [name, grads[i]!.dataSync() as Float32Array])),
  };
}
