import type { CompletedCell } from '../../src/evaluate/cell.js';
import { runCell } from '../../src/evaluate/run.js';
import type { World } from './world.js';

/** Runs a plan on all examples of a world. @throws when the cell does not complete. */
export async function completed(
  place: World,
  plan: Parameters<World['spec']>[0],
  batchSize = 128,
): Promise<CompletedCell> {
  const { cell } = await runCell(place.spec(plan), place.options({ batchSize }));
  if (cell.status !== 'completed') throw new Error(`${cell.status}: ${cell.reason.message}`);
  return cell;
}

/** A cell without what may differ between identical runs. */
export const untimed = (cell: unknown): unknown => ({ ...(cell as object), timing: null });
