import { permuted } from '../../../tensor/permute.js';
import type { FloatTensor } from '../../../tensor/tensor.js';
import { convolve, convolveTransposed, depthwiseFilterOf, filterOf, type Filter } from '../convolution.js';
import { asImage, DATA_FORMATS, fromImage, type DataFormat } from '../image.js';
import { fitting, PADDINGS, placed, type Padding, type PlacedWindow, type Window } from '../window.js';
import { activated } from './activation.js';
import type { Layer, Lowering } from './layer.js';

interface Settings extends Window {
  readonly padding: Padding;
  readonly format: DataFormat;
}

function settingsOf({ config }: Layer, rank: number): Settings {
  if (config.number('groups', 1) !== 1) config.unsupported('groups', '1');
  const ones = new Array<number>(rank).fill(1);
  return {
    kernel: config.sizes('kernel_size', rank),
    strides: config.sizes('strides', rank, ones),
    dilations: config.sizes('dilation_rate', rank, ones),
    padding: config.choice('padding', PADDINGS, 'valid'),
    format: config.choice('data_format', DATA_FORMATS, 'channels_last'),
  };
}

/** Where the layer's filter is laid on an image. */
const windowOf = ({ config }: Layer, settings: Settings, spatial: readonly number[]): PlacedWindow =>
  fitting(placed(settings, spatial, settings.padding), spatial, config.where);

/** The filter with the layer's bias, if it has one. */
function withBias(layer: Layer, filter: Filter): Filter {
  if (!layer.config.flag('use_bias', true)) return filter;
  return { ...filter, bias: layer.constant('bias', [filter.channels]) };
}

const convolution =
  (rank: number): Lowering =>
  (layer, inputs) => {
    const settings = settingsOf(layer, rank);
    const image = asImage(layer.emitter, layer.single(inputs, rank + 1), settings.format);
    const channels = layer.config.count('filters');
    const weight = layer.constant('kernel', [...settings.kernel, image.channels, channels], filterOf);
    const filter = withBias(layer, { weight, channels });
    const window = windowOf(layer, settings, image.spatial);
    return activated(layer, fromImage(convolve(layer.emitter, image, filter, window), settings.format));
  };

/** Every channel by itself, into as many as the multiplier says. */
function depthwise(layer: Layer, channels: number, { kernel }: Settings): Filter {
  const multiplier = layer.config.number('depth_multiplier', 1);
  const weight = layer.constant('depthwise_kernel', [...kernel, channels, multiplier], depthwiseFilterOf);
  return { weight, channels: channels * multiplier, groups: channels };
}

/** TensorFlow.js itself leaves the dilation of this layer out. */
const depthwiseConvolution: Lowering = (layer, inputs) => {
  const settings = settingsOf(layer, 2);
  const image = asImage(layer.emitter, layer.single(inputs, 3), settings.format);
  const filter = withBias(layer, depthwise(layer, image.channels, settings));
  const window = windowOf(layer, settings, image.spatial);
  return activated(layer, fromImage(convolve(layer.emitter, image, filter, window), settings.format));
};

/** Every channel by itself, then every point by itself. */
const separableConvolution: Lowering = (layer, inputs) => {
  const { emitter, config } = layer;
  const settings = settingsOf(layer, 2);
  const image = asImage(emitter, layer.single(inputs, 3), settings.format);
  const spread = depthwise(layer, image.channels, settings);
  const between = convolve(emitter, image, spread, windowOf(layer, settings, image.spatial));
  const channels = config.count('filters');
  const weight = layer.constant('pointwise_kernel', [1, 1, spread.channels, channels], filterOf);
  const point = { kernel: [1, 1], strides: [1, 1], dilations: [1, 1] };
  const filter = withBias(layer, { weight, channels });
  const result = convolve(emitter, between, filter, placed(point, between.spatial, 'valid'));
  return activated(layer, fromImage(result, settings.format));
};

/** [...kernel, out, in] as ONNX's [in, out, ...kernel]. */
const transposedFilterOf = (tensor: FloatTensor): FloatTensor => permuted(tensor, [3, 2, 0, 1]);

/** The transpose of a convolution; `same` makes images as many times larger as the stride says. */
const transposedConvolution: Lowering = (layer, inputs) => {
  const { emitter, config } = layer;
  const settings = settingsOf(layer, 2);
  if (settings.dilations.some((dilation) => dilation !== 1)) config.unsupported('dilation_rate', '1');
  if (config.field('output_padding') !== undefined) config.unsupported('output_padding', 'null');
  const image = asImage(emitter, layer.single(inputs, 3), settings.format);
  const channels = config.count('filters');
  const weight = layer.constant('kernel', [...settings.kernel, channels, image.channels], transposedFilterOf);
  const output = image.spatial.map((size, axis) => {
    const beyond = settings.padding === 'same' ? 0 : settings.kernel[axis]! - settings.strides[axis]!;
    return size * settings.strides[axis]! + Math.max(beyond, 0);
  });
  const window = placed(settings, output, settings.padding);
  const filter = withBias(layer, { weight, channels });
  return activated(
    layer,
    fromImage(convolveTransposed(emitter, image, filter, window, output), settings.format),
  );
};

export const convolutionLayers: Readonly<Record<string, Lowering>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv2DTranspose: transposedConvolution,
  DepthwiseConv2D: depthwiseConvolution,
  SeparableConv2D: separableConvolution,
};
