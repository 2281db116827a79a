import { clamp } from '../tensor/clamp.js';
import type { CorruptionSetting, Image } from './corruption.js';

// Global lookups once per value show where tests run them.
const { abs, fround, round, trunc } = Math;

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
    const level = round(value * 255);
    values[i] = abs(value * 255 - level) < LEVEL_TOLERANCE ? level / 255 : value;
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
  values: Float64Array | Float32Array,
  { profile, quirks }: Pick<CorruptionSetting, 'profile' | 'quirks'>,
): Float32Array {
  const rounds = profile === 'mnist' || quirks === 'fixed';
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const level = clamp(values[i]!, 0, 1) * 255;
    out[i] = (rounds ? roundHalfEven(fround(level)) : trunc(level)) / 255;
  }
  return out;
}

/** An image as bytes, for an algorithm that works on those: each value's nearest grey level, 0 to 255. */
export function levelsOf(image: Image): Uint8Array {
  // This kind of array clamps and rounds.
  const levels = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < levels.length; i++) levels[i] = image.data[i]! * 255;
  return new Uint8Array(levels.buffer);
}

/** Grey levels, 0 to 255, as values in [0, 1]. */
export function valuesOfLevels(levels: Uint8Array): Float32Array {
  const out = new Float32Array(levels.length);
  for (let i = 0; i < out.length; i++) out[i] = levels[i]! / 255;
  return out;
}

/** The nearest whole number; of two as near the even one, as `np.round` has it. */
export function roundHalfEven(value: number): number {
  const nearest = round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
