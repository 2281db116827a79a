import type { Norm } from '../../src/plugin/threat.js';
import { distancesOf, linearWorld, type LinearWorldOptions } from './linear-world.js';
import { runBuiltin } from './run.js';

/** Distance that a minimum-norm attack finds on a linear classifier, over the smallest there is, per example. */
export async function excessOfOptimum(
  id: string,
  norm: Norm,
  options: LinearWorldOptions,
  parameters: Readonly<Record<string, unknown>>,
): Promise<number[]> {
  const world = await linearWorld(options);
  const { classifier, batch } = world;
  const problem = { batch, threat: { kind: 'minimum', norm }, goal: { kind: 'untargeted' } } as const;
  const { data } = await runBuiltin(id, classifier, problem, parameters);
  const found = await distancesOf(world, data, norm);
  return found.map((length, row) => length / world.optimum(row, norm));
}
