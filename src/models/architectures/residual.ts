import type { ActivationId } from './activations.js';
import type { ConvolutionOptions, ImageValue, LayerBuilder } from './layers.js';

/** One residual block: `name` prefixes its layers, `stride` is that of its first convolution that is larger than 1x1. */
export type ResidualBlock = (
  layers: LayerBuilder,
  name: string,
  x: ImageValue,
  options: { readonly width: number; readonly stride: number; readonly activation: ActivationId },
) => ImageValue;

/** Convolution without bias, then batch normalisation. */
export function convolutionAndNorm(
  layers: LayerBuilder,
  name: string,
  x: ImageValue,
  options: ConvolutionOptions,
): ImageValue {
  const conv = layers.convolution(name, x, { ...options, bias: false });
  return layers.batchNormalization(`${name}.norm`, conv);
}

/** The input itself, or a 1x1 convolution of it where its shape changes (option B of the paper). */
function shortcut(
  layers: LayerBuilder,
  name: string,
  x: ImageValue,
  stride: number,
  width: number,
): ImageValue {
  if (stride === 1 && x.shape[0] === width) return x;
  return convolutionAndNorm(layers, `${name}.shortcut`, x, { channels: width, kernel: 1, stride });
}

const sum = (layers: LayerBuilder, a: ImageValue, b: ImageValue): ImageValue => ({
  ...a,
  value: layers.builder.add('Add', [a.value, b.value]),
});

/** Two 3x3 convolutions: He et al., "Deep Residual Learning" (2016), figure 5 left. */
export const basicBlock: ResidualBlock = (layers, name, x, { width, stride, activation }) => {
  const first = convolutionAndNorm(layers, `${name}.conv1`, x, { channels: width, kernel: 3, stride });
  const inner = layers.activate(first, activation);
  const second = convolutionAndNorm(layers, `${name}.conv2`, inner, { channels: width, kernel: 3 });
  return layers.activate(sum(layers, second, shortcut(layers, name, x, stride, width)), activation);
};

/** How many times wider the result of a bottleneck is than its inside. */
const EXPANSION = 4;

/** 1x1, 3x3 and 1x1 convolutions: figure 5 right; the stride is that of the 3x3 one. */
export const bottleneckBlock: ResidualBlock = (layers, name, x, { width, stride, activation }) => {
  const wide = EXPANSION * width;
  const narrowed = convolutionAndNorm(layers, `${name}.conv1`, x, { channels: width, kernel: 1 });
  const first = layers.activate(narrowed, activation);
  const seen = convolutionAndNorm(layers, `${name}.conv2`, first, { channels: width, kernel: 3, stride });
  const second = layers.activate(seen, activation);
  const third = convolutionAndNorm(layers, `${name}.conv3`, second, { channels: wide, kernel: 1 });
  return layers.activate(sum(layers, third, shortcut(layers, name, x, stride, wide)), activation);
};

/** Stages of so many blocks, each twice as wide as the one before. */
export const doublingStages = (blocks: readonly number[], width: number) =>
  blocks.map((count, stage) => ({ blocks: count, width: width * 2 ** stage }));

/**
 * A residual network for small images: 3x3 convolution of the first stage's width, the stages, global average pooling. Every
 * stage but the first halves height and width.
 * @param stages how many blocks of what width
 */
export function residualNetwork(
  layers: LayerBuilder,
  x: ImageValue,
  block: ResidualBlock,
  stages: readonly { readonly blocks: number; readonly width: number }[],
  activation: ActivationId,
) {
  const stem = { channels: stages[0]!.width, kernel: 3 };
  let image = layers.activate(convolutionAndNorm(layers, 'backbone.stem', x, stem), activation);
  for (const [s, { blocks, width }] of stages.entries()) {
    for (let b = 0; b < blocks; b++) {
      const stride = s > 0 && b === 0 ? 2 : 1;
      image = block(layers, `backbone.stage${s + 1}.block${b + 1}`, image, { width, stride, activation });
    }
  }
  return layers.globalAveragePool(image);
}
