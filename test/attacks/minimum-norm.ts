import { expect } from '@jest/globals';
import type { Norm } from '../../src/plugin/threat.js';
import { distancesOf, linearWorld, type LinearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

/** Rounding of float32 logits and iterates. */
const TOLERANCE = 1e-6;

/** What a minimum-norm attack found on a linear classifier, each distance beside the smallest there is. */
export interface Found {
  readonly distances: readonly number[];
  readonly optima: readonly number[];
  /** Distance over optimum, smallest first. */
  readonly excess: readonly number[];
}

/** Runs a minimum-norm attack on a linear classifier; no distance it finds may be smaller than the exact optimum. */
export async function findOn(
  world: LinearWorld,
  id: string,
  norm: Norm,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<Found> {
  const { batch, classifier } = world;
  const problem = { batch, threat: { kind: 'minimum', norm }, goal: { kind: 'untargeted' } } as const;
  const { data } = await runBuiltin(id, classifier, problem, parameters);
  const distances = await distancesOf(world, data, norm);
  const optima = batch.keys.map((_key, row) => world.optimum(row, norm));
  distances.forEach((distance, row) => {
    expect(distance).toBeGreaterThanOrEqual(optima[row]! - TOLERANCE);
  });
  const excess = distances.map((distance, row) => distance / optima[row]!).sort((a, b) => a - b);
  return { distances, optima, excess };
}

/** A world small enough for the fast tests. */
export const smallWorld = async (numClasses: number): Promise<LinearWorld> =>
  linearWorld({ numClasses, count: 24 });
