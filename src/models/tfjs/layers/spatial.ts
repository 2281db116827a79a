import { string } from '../../../graph/builder.js';
import { asImage, DATA_FORMATS, fromImage } from '../image.js';
import { GauntletError } from '../../../errors.js';
import type { Lowering } from './layer.js';

const zeroPadding: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const format = config.choice('data_format', DATA_FORMATS, 'channels_last');
  const image = asImage(emitter, layer.single(inputs, 3), format);
  const margins = config.margins('padding', 2, 1);
  const [before, after] = [margins.map(([amount]) => amount), margins.map(([, amount]) => amount)];
  const name = emitter.add('Pad', [image.name, emitter.ints([0, 0, ...before, 0, 0, ...after])]);
  const spatial = image.spatial.map((size, axis) => size + before[axis]! + after[axis]!);
  return fromImage({ ...image, name, spatial }, format);
};

const cropping: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const format = config.choice('data_format', DATA_FORMATS, 'channels_last');
  const image = asImage(emitter, layer.single(inputs, 3), format);
  const margins = config.margins('cropping', 2, 0);
  const spatial = image.spatial.map((size, axis) => size - margins[axis]![0] - margins[axis]![1]);
  if (spatial.some((size) => size <= 0))
    throw new GauntletError(
      'MODEL_INVALID',
      `${config.where} leaves nothing of [${image.spatial.join(', ')}]`,
    );
  const starts = margins.map(([amount]) => amount);
  const ends = starts.map((start, axis) => start + spatial[axis]!);
  const slice = [starts, ends, [2, 3]].map((values) => emitter.ints(values));
  return fromImage({ ...image, name: emitter.add('Slice', [image.name, ...slice]), spatial }, format);
};

/** TensorFlow.js reads an element at its upper left corner: position i of the result is position i / size of the image. */
const upSampling: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const format = config.choice('data_format', DATA_FORMATS, 'channels_last');
  const image = asImage(emitter, layer.single(inputs, 3), format);
  const size = config.sizes('size', 2, [2, 2]);
  const mode = config.choice('interpolation', ['nearest', 'bilinear'], 'nearest');
  const name = emitter.add('Resize', [image.name, '', layer.numbers('scales', [1, 1, ...size], [4])], {
    mode: string(mode === 'nearest' ? 'nearest' : 'linear'),
    coordinate_transformation_mode: string('asymmetric'),
    nearest_mode: string('floor'),
  });
  return fromImage({ ...image, name, spatial: image.spatial.map((dim, axis) => dim * size[axis]!) }, format);
};

/** Layers that make images larger or smaller. */
export const spatialLayers: Readonly<Record<string, Lowering>> = {
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  ZeroPadding2D: zeroPadding,
};
