import type { InputSpec } from '../../classifier/classifier.js';
import { GauntletError } from '../../errors.js';
import { elementCount } from '../../tensor/tensor.js';
import type { ModelCard } from '../card.js';
import { CHANNEL_AXIS } from '../input.js';

/**
 * What a card's preprocessing makes of raw inputs, (x * scale - mean) / std, computed in float64 and rounded to float32.
 * @throws GauntletError CARD_INVALID when it has another number of channels than the input.
 */
export function preprocessed(
  preprocessing: ModelCard['preprocessing'],
  { shape, layout }: InputSpec,
  source: string,
): (batch: Float32Array) => Float32Array {
  if (preprocessing === undefined) return (batch) => batch;
  const { scale = 1, mean = 0, std = 1 } = preprocessing;
  const axis = CHANNEL_AXIS[layout];
  const channels = axis === undefined ? 1 : shape[axis - 1]!;
  const perChannel = (field: string, values: number | number[]): readonly number[] => {
    const list = [values].flat();
    if (list.length === 1) return Array.from({ length: channels }, () => list[0]!);
    if (list.length === channels) return list;
    throw new GauntletError(
      'CARD_INVALID',
      `${source}: preprocessing.${field} has ${list.length} values, the ${layout} input has ${channels} channel(s)`,
    );
  };
  const [means, deviations] = [perChannel('mean', mean), perChannel('std', std)];
  // Elements from one value of a channel to the next channel's.
  const stride = axis === undefined ? 1 : elementCount(shape.slice(axis));
  return (batch) =>
    batch.map((value, i) => {
      const channel = Math.floor(i / stride) % channels;
      return (value * scale - means[channel]!) / deviations[channel]!;
    });
}
