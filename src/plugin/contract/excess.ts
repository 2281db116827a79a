import { exampleSize, rowOf, sliceRow } from '../../tensor/batch.js';
import { repair, repairToBox } from '../../tensor/repair.js';
import type { Proposal } from '../attack.js';
import type { Problem } from '../problem.js';
import { boxOf } from '../region.js';
import { INPUT } from './situation.js';

/** How far the worst coordinate is from where the harness would move it. */
export function excessOf(proposal: Proposal, { batch, threat }: Problem): number {
  if (proposal.kind === 'transform' && threat.kind === 'transform') {
    const { rotation, translateX, translateY } = threat.ranges;
    const ranges = [rotation, translateX, translateY];
    return largest(proposal.parameters, (value, i) => {
      const [low, high] = ranges[i % ranges.length]!;
      return Math.max(low - value, value - high);
    });
  }
  if (proposal.kind === 'patch' && threat.kind === 'patch') {
    const [height, width] = INPUT.shape.slice(1) as [number, number];
    const { side, corners, patch } = proposal;
    return Math.max(
      side * side - threat.area * height * width,
      largest(corners, (corner, i) => Math.max(-corner, corner + side - (i % 2 === 0 ? height : width))),
      largest(patch, (value) => Math.max(INPUT.bounds[0] - value, value - INPUT.bounds[1])),
    );
  }
  if (proposal.kind !== 'examples')
    throw new Error(`it proposed a ${proposal.kind} under the threat ${threat.kind}`);
  const size = exampleSize(batch);
  return Math.max(
    ...batch.keys.map((_key, row) => {
      const candidate = sliceRow(proposal.data, row, size);
      const legal = repairedRow(candidate, row, { batch, threat });
      return largest(candidate, (value, i) => Math.abs(value - legal[i]!));
    }),
  );
}

function repairedRow(
  candidate: Float32Array,
  row: number,
  { batch, threat }: Pick<Problem, 'batch' | 'threat'>,
) {
  if (threat.kind === 'box') {
    const { lower, upper } = boxOf(threat, batch, INPUT.bounds);
    return repairToBox(
      candidate,
      sliceRow(lower, row, candidate.length),
      sliceRow(upper, row, candidate.length),
    );
  }
  if (threat.kind !== 'lp' && threat.kind !== 'minimum')
    throw new Error(`it proposed examples under ${threat.kind}`);
  const epsilon = threat.kind === 'lp' ? threat.epsilon : Infinity;
  return repair(threat.norm, candidate, rowOf(batch, row), epsilon, ...INPUT.bounds);
}

/** Largest value of a function; NaN counts as infinite. */
function largest(values: ArrayLike<number>, excess: (value: number, i: number) => number): number {
  return Array.from(values, excess).reduce(
    (worst, value) => Math.max(worst, Number.isNaN(value) ? Infinity : value),
    0,
  );
}
