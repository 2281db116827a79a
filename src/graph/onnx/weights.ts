import { GauntletError } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Half floats are bits: an exponent of all ones is infinity or not-a-number, and a mantissa of zero tells which. */
const finiteHalf = (bits: number): boolean => (bits & 0x7c00) !== 0x7c00;
const nanHalf = (bits: number): boolean => !finiteHalf(bits) && (bits & 0x03ff) !== 0;

const checks: Partial<
  Record<Tensor['type'], { finite: (value: number) => boolean; nan: (value: number) => boolean }>
> = {
  float32: { finite: Number.isFinite, nan: Number.isNaN },
  float64: { finite: Number.isFinite, nan: Number.isNaN },
  float16: { finite: finiteHalf, nan: nanHalf },
};

/**
 * Refuses weights a diverged training leaves behind. A single infinity in a tensor of one element is let through: it is
 * a bound (of Clip, Pad or a mask), not a weight.
 * @throws GauntletError MODEL_WEIGHTS naming the tensor and the position of the first bad value.
 */
export function requireFinite(name: string, tensor: Tensor, source: string): void {
  const check = checks[tensor.type];
  if (check === undefined) return;
  const data = tensor.data as Float32Array;
  if (data.length > 1 && allFinite(tensor)) return;
  const accepted = data.length === 1 ? (value: number) => !check.nan(value) : check.finite;
  for (let i = 0; i < data.length; i++)
    if (!accepted(data[i]!)) {
      const kind = check.nan(data[i]!) ? 'not a number' : 'infinite';
      throw new GauntletError(
        'MODEL_WEIGHTS',
        `${source}: tensor "${name}" of shape [${tensor.dims.join(', ')}] is ${kind} at position ${i}`,
      );
    }
}

/** The usual case in a loop of its own: a large model has some hundred million weights. */
function allFinite({ type, data }: Tensor): boolean {
  if (type === 'float16') return false;
  const values = data as Float32Array;
  // Zero for every finite value, NaN for the others.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - values[i]!;
  return sum === 0;
}
