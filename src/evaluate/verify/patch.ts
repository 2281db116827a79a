import { GauntletError } from '../../errors.js';
import type { InputSpec } from '../../classifier/classifier.js';
import { rowOf } from '../../tensor/batch.js';
import { clamp } from '../../tensor/clamp.js';
import { allFinite } from '../../tensor/finite.js';
import { distance } from '../../tensor/norms.js';
import { planeGeometry } from './planes.js';
import { checkLength, type Materialise } from './materialise.js';

/** Longest side (pixels) of a square of at most `area` (fraction) of the image. */
export function largestPatchSide(area: number, input: InputSpec): number {
  const { height, width } = planeGeometry(input);
  return Math.floor(Math.sqrt(area * height * width));
}

/** The corner nearest to the given one at which a square of that side lies inside the image. */
function cornerInside(
  corner: readonly [row: number, column: number],
  side: number,
  { height, width }: { height: number; width: number },
): [row: number, column: number] {
  return [clamp(corner[0], 0, height - side), clamp(corner[1], 0, width - side)];
}

/** Overwrites the square whose top-left corner is given, moved inside the image. */
export function applyPatch(
  image: Float32Array,
  input: InputSpec,
  patch: Float32Array,
  side: number,
  corner: readonly [row: number, column: number],
): Float32Array {
  const { channels, height, width, at } = planeGeometry(input);
  const [top, left] = cornerInside(corner, side, { height, width });
  const patchAt = planeGeometry({
    ...input,
    shape: input.layout === 'NCHW' ? [channels, side, side] : [side, side, channels],
  }).at;
  const [lowest, highest] = input.bounds;
  const out = Float32Array.from(image);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        out[at(c, top + y, left + x)] = clamp(patch[patchAt(c, y, x)]!, lowest, highest);
  return out;
}

/** Pastes the proposed patch itself; a patch larger than the budget's square is refused. */
export const materialisePatch: Materialise<'patch'> = (proposal, clean, threat, input) => {
  if (proposal.kind !== 'patch') {
    throw new GauntletError(
      'PLUGIN_FAILED',
      `The attack proposed ${proposal.kind} where a patch was asked for.`,
    );
  }
  const n = clean.keys.length;
  const geometry = planeGeometry(input);
  const largest = largestPatchSide(threat.area, input);
  if (!Number.isInteger(proposal.side) || proposal.side < 1 || proposal.side > largest) {
    throw new GauntletError(
      'PLUGIN_FAILED',
      `The attack proposed a patch of side ${proposal.side}; an area of ${threat.area} allows 1 to ${largest}.`,
    );
  }
  checkLength(proposal.patch, geometry.channels * proposal.side ** 2, 'patch values');
  checkLength(proposal.corners, n * 2, 'patch coordinates');
  const finite = allFinite(proposal.patch);
  const data = Float32Array.from(clean.data);
  const distances = new Float64Array(n);
  const applied = new Float64Array(n * 3);
  const usable = clean.keys.map((_key, row) => {
    if (!finite) return false;
    const proposed = [proposal.corners[row * 2]!, proposal.corners[row * 2 + 1]!] as const;
    const corner = cornerInside(proposed, proposal.side, geometry);
    const original = rowOf(clean, row);
    const patched = applyPatch(original, input, proposal.patch, proposal.side, corner);
    applied.set([...corner, proposal.side], row * 3);
    data.set(patched, row * original.length);
    distances[row] = distance('linf', patched, original);
    return true;
  });
  return { data, usable, distances, applied };
};
