import { clamp } from '../tensor/clamp.js';
import type { CorruptionSetting, Image } from './corruption.js';

/** How near to a whole grey level (in levels) a value must be to be taken for it; float32 rounding is below 1e-5. */
const LEVEL_TOLERANCE = 1e-4;

/**
 * An image's values in float64, [0, 1]. A value that is a grey level k/255 up to the rounding of float32 becomes exactly
 * k/255, as a reference implementation sees it that starts from bytes; any other value is kept.
 */
export function pixelValues(image: Image): Float64Array {
  const values = new Float64Array(image.data.length);
  for (let i = 0; i < values.length; i++) {
    const value = image.data[i]!;
    const level = Math.round(value * 255);
    values[i] = Math.abs(value * 255 - level) < LEVEL_TOLERANCE ? level / 255 : value;
  }
  return values;
}

/**
 * Values as an 8-bit image file would hold them: clipped to [0, 1], times 255, made a whole level, over 255.
 *
 * CIFAR-10-C and ImageNet-C cut the level *toward zero*, as `np.uint8(...)` in their scripts does; it darkens by half a level
 * on average, and leaving it out would measure another data set. MNIST-C rounds, halves to even, what it has brought to single
 * precision; so do all `fixed` quirks.
 */
export function quantize(
  values: Float64Array,
  { profile, quirks }: Pick<CorruptionSetting, 'profile' | 'quirks'>,
): Float32Array {
  const whole =
    profile === 'mnist' || quirks === 'fixed'
      ? (level: number) => roundHalfEven(Math.fround(level))
      : Math.trunc;
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = whole(clamp(values[i]!, 0, 1) * 255) / 255;
  return out;
}

/** The nearest whole number; of two as near the even one, as `np.round` has it. */
export function roundHalfEven(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
