import { int } from '../../../graph/builder.js';
import { asImage, DATA_FORMATS, fromImage, type DataFormat } from '../image.js';
import { natural } from '../value.js';
import { fitting, PADDINGS, placed, windowAttributes } from '../window.js';
import type { Layer, Lowering } from './layer.js';

/** One-dimensional layers have no data format: TensorFlow.js takes channels last. */
const formatOf = ({ config }: Layer, rank: number): DataFormat =>
  rank === 1 ? 'channels_last' : config.choice('data_format', DATA_FORMATS, 'channels_last');

/** Padding is left out of maxima and means alike. */
const pooling =
  (op: 'MaxPool' | 'AveragePool', rank: number): Lowering =>
  (layer, inputs) => {
    const { config, emitter } = layer;
    const format = formatOf(layer, rank);
    const image = asImage(emitter, layer.single(inputs, rank + 1), format);
    const kernel = config.sizes('pool_size', rank, new Array<number>(rank).fill(2));
    const strides = config.sizes('strides', rank, kernel);
    const padding = config.choice('padding', PADDINGS, 'valid');
    const anywhere = placed({ kernel, strides, dilations: kernel.map(() => 1) }, image.spatial, padding);
    const window = fitting(anywhere, image.spatial, config.where);
    const name = emitter.add(op, [image.name], windowAttributes(window));
    return fromImage({ name, channels: image.channels, spatial: window.output }, format);
  };

const globalPooling =
  (op: 'GlobalMaxPool' | 'GlobalAveragePool', rank: number): Lowering =>
  (layer, inputs) => {
    const { config, emitter } = layer;
    if (config.flag('keepdims', false)) config.unsupported('keepdims', 'false');
    const image = asImage(emitter, layer.single(inputs, rank + 1), formatOf(layer, rank));
    const pooled = emitter.add(op, [image.name]);
    return natural(emitter.add('Flatten', [pooled], { axis: int(1) }), [image.channels]);
  };

export const poolingLayers: Readonly<Record<string, Lowering>> = {
  AveragePooling1D: pooling('AveragePool', 1),
  AveragePooling2D: pooling('AveragePool', 2),
  GlobalAveragePooling1D: globalPooling('GlobalAveragePool', 1),
  GlobalAveragePooling2D: globalPooling('GlobalAveragePool', 2),
  GlobalMaxPooling1D: globalPooling('GlobalMaxPool', 1),
  GlobalMaxPooling2D: globalPooling('GlobalMaxPool', 2),
  MaxPooling1D: pooling('MaxPool', 1),
  MaxPooling2D: pooling('MaxPool', 2),
};
