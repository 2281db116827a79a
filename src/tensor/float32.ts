/** Rounding to float32 with a direction, which Math.fround (to nearest) does not have. */

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The float32 next to `value` (a float32) in the direction of -Infinity. */
function below(value: number): number {
  if (value === 0) return -(2 ** -149);
  float[0] = value;
  bits[0]! += value > 0 ? -1 : 1;
  return float[0];
}

/** The float32 nearest to `value` that is not further from `target` (a float32) than `value` is, on the same side. */
export function roundToward(value: number, target: number): number {
  const nearest = Math.fround(value);
  if (value > target) return nearest > value ? below(nearest) : nearest;
  if (value < target) return nearest < value ? -below(-nearest) : nearest;
  return nearest;
}
