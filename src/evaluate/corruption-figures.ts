import { calibrationOf, type Confident } from '../metrics/corruption/calibration.js';
import type { CompletedCell } from './cell.js';
import type { ShardResult } from './job.js';

/**
 * What a corruption cell says beside its outcomes: which examples the corruption made right, and how sure the model was.
 * @param indices data indices of all examples, in the shards' order
 */
export function corruptionFigures(
  indices: readonly number[],
  shards: readonly ShardResult[],
): Required<Pick<CompletedCell, 'repaired' | 'calibration'>> {
  const clean = shards.map((shard) => shard.clean).join('');
  const outcomes = shards.map((shard) => shard.outcomes).join('');
  const confidences = shards.flatMap((shard) => shard.confidences ?? []);
  return {
    repaired: indices.filter((_index, i) => clean[i] === 'w' && outcomes[i] === 'r'),
    calibration: calibrationOf(confident(confidences, outcomes)),
  };
}

function* confident(confidences: readonly (number | null)[], outcomes: string): Iterable<Confident> {
  for (const [i, confidence] of confidences.entries()) {
    if (confidence !== null) yield { confidence, correct: outcomes[i] === 'r' };
  }
}
