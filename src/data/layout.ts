import type { InputSpec } from '../classifier/classifier.js';
import { GauntletError } from '../errors.js';
import { exampleSize, type LabelledBatch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';

/**
 * Examples of a data set (channels first) in the shape and layout a model takes. A model with channels last and more than
 * one channel gets the axes transposed; every other shape of the same number of elements is a reshape.
 * @throws GauntletError INPUT_SHAPE naming both shapes.
 */
export function toModelLayout(batch: LabelledBatch, input: InputSpec): LabelledBatch {
  const mismatch = (): GauntletError =>
    new GauntletError(
      'INPUT_SHAPE',
      `The examples have shape (${batch.shape.join(', ')}), the model takes (${input.shape.join(', ')}) ${input.layout}.`,
    );
  if (exampleSize(batch) !== elementCount(input.shape)) throw mismatch();
  const [channels, height, width] = batch.shape;
  const isImage = batch.shape.length === 3;
  if (input.layout !== 'NHWC' || !isImage || channels === 1) return { ...batch, shape: input.shape };
  if (input.shape.join() !== [height, width, channels].join()) throw mismatch();
  return { ...batch, shape: input.shape, data: channelsLast(batch.data, channels!, height! * width!) };
}

/** Images stored channels first, with `area` pixels per channel, as channels last. */
function channelsLast(data: Float32Array, channels: number, area: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let image = 0; image < data.length; image += channels * area) {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < area; place++) {
        out[image + place * channels + channel] = data[image + channel * area + place]!;
      }
    }
  }
  return out;
}
