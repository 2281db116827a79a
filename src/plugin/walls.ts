import { exampleSize, sliceRow, type Batch } from '../tensor/batch.js';
import { clamp } from '../tensor/clamp.js';
import { boxOf, type Box } from './region.js';
import type { Threat } from './threat.js';

/**
 * The box an example's coordinates may ever be in, whatever its distance: its own under a `box` threat, the input bounds
 * otherwise.
 * @param bounds lowest and highest legal input value.
 * @returns the walls of a row, views
 */
export function wallsOf(
  threat: Threat,
  batch: Batch,
  bounds: readonly [lowest: number, highest: number],
): (row: number) => Box {
  const size = exampleSize(batch);
  if (threat.kind === 'box') {
    const { lower, upper } = boxOf(threat, batch, bounds);
    return (row) => ({ lower: sliceRow(lower, row, size), upper: sliceRow(upper, row, size) });
  }
  const walls = {
    lower: new Float32Array(size).fill(bounds[0]),
    upper: new Float32Array(size).fill(bounds[1]),
  };
  return () => walls;
}

/** Clips a point, in place, to its walls. */
export function clipToWalls(point: Float32Array, { lower, upper }: Box): void {
  for (let i = 0; i < point.length; i++) point[i] = clamp(point[i]!, lower[i]!, upper[i]!);
}
