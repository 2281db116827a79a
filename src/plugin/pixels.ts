import { clamp } from '../tensor/clamp.js';
import type { Image } from './corruption.js';

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
 * Values as an 8-bit image file would hold them: clipped to [0, 1], times 255, cut to a whole level *toward zero*, over 255.
 * That is what `np.uint8(...)` does in the scripts that made CIFAR-10-C and ImageNet-C; it darkens by half a level on
 * average, and leaving it out would measure another data set.
 */
export function quantize(values: Float64Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.trunc(clamp(values[i]!, 0, 1) * 255) / 255;
  return out;
}
