import type { Emitter } from './emitter.js';
import { channelsFirst, natural, type Value } from './value.js';

/** Which axis of an example holds the channels. */
export const DATA_FORMATS = ['channels_last', 'channels_first'] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** A value stored as ONNX's spatial operators take it: [batch, channels, ...spatial]. */
export interface Image {
  readonly name: string;
  readonly channels: number;
  readonly spatial: readonly number[];
}

/** The value as an image of one, two or more spatial axes. */
export function asImage(emitter: Emitter, value: Value, format: DataFormat): Image {
  const rank = value.shape.length;
  if (format === 'channels_first') {
    const [channels, ...spatial] = value.shape;
    return { name: emitter.natural(value).name, channels: channels!, spatial };
  }
  const { name } = emitter.ordered(value, channelsFirst(rank));
  return { name, channels: value.shape[rank - 1]!, spatial: value.shape.slice(0, -1) };
}

/** The image as the value TensorFlow.js has. */
export function fromImage({ name, channels, spatial }: Image, format: DataFormat): Value {
  if (format === 'channels_first') return natural(name, [channels, ...spatial]);
  const shape = [...spatial, channels];
  return { name, shape, order: channelsFirst(shape.length) };
}
