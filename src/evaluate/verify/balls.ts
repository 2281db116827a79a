import { rowOf, sliceRow, type LabelledBatch } from '../../tensor/batch.js';
import { allFinite } from '../../tensor/finite.js';
import { distance } from '../../tensor/norms.js';
import { repair, repairToBox } from '../../tensor/repair.js';
import type { Norm } from '../../plugin/threat.js';
import { proposedExamples, type Materialise, type Materialised } from './materialise.js';

/** Repaired into ball and bounds. */
export const materialiseLp: Materialise<'lp'> = (proposal, clean, threat, input) =>
  rowByRow(proposedExamples(proposal, clean), clean, threat.norm, (candidate, original) =>
    repair(threat.norm, candidate, original, threat.epsilon, ...input.bounds),
  );

/** Clipped to the bounds: a minimum-norm attack may go as far as it needs. */
export const materialiseMinimum: Materialise<'minimum'> = (proposal, clean, threat, input) =>
  rowByRow(proposedExamples(proposal, clean), clean, threat.norm, (candidate, original) =>
    repair(threat.norm, candidate, original, Infinity, ...input.bounds),
  );

/** Clipped to each example's own box. */
export const materialiseBox: Materialise<'box'> = (proposal, clean, threat) =>
  rowByRow(proposedExamples(proposal, clean), clean, 'linf', (candidate, original, row) =>
    repairToBox(
      candidate,
      sliceRow(threat.lower, row, original.length),
      sliceRow(threat.upper, row, original.length),
    ),
  );

function rowByRow(
  proposed: Float32Array,
  clean: LabelledBatch,
  norm: Norm,
  repaired: (candidate: Float32Array, original: Float32Array, row: number) => Float32Array,
): Materialised {
  const data = Float32Array.from(clean.data);
  const distances = new Float64Array(clean.keys.length);
  const usable = clean.keys.map((_key, row) => {
    const original = rowOf(clean, row);
    const candidate = sliceRow(proposed, row, original.length);
    if (!allFinite(candidate)) return false;
    const legal = repaired(candidate, original, row);
    data.set(legal, row * original.length);
    distances[row] = distance(norm, legal, original);
    return true;
  });
  return { data, usable, distances };
}
