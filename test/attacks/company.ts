import { expect } from '@jest/globals';
import { unpackWitnesses } from '../../src/evaluate/witnesses.js';
import type { ThreatSpec } from '../../src/plugin/threat.js';
import { untimed } from '../evaluate/completed.js';
import type { Ground } from './cells.js';

/** Digits that the composites fool in different stages at Linf 0.09 and L2 1.2; some survive them all, at least the fourth. */
export const DIGITS = [0, 1, 2, 3, 4, 5, 6, 8, 12, 19, 22, 47];
const STRANGERS = [17, 18, 20, 21];

/** What a cell says of each example, by data index. */
async function byExample(
  ground: Ground,
  attack: string,
  threat: ThreatSpec,
  indices: readonly number[],
  batchSize: number,
) {
  const { cell, witnesses } = await ground.run(attack, threat, { indices, batchSize });
  if (cell.status !== 'completed') throw new Error(cell.reason.message);
  const kept = witnesses === null ? [] : unpackWitnesses(witnesses.bytes, witnesses.entry);
  const examples = new Map(
    indices.map((index, row) => [
      index,
      {
        outcome: cell.outcomes[row],
        distance: cell.distances[row],
        passes: [cell.passes.forward[row], cell.passes.gradient[row]],
        stages: cell.stages.map(({ outcomes }) => outcomes[row]),
        adversarial: kept.find((one) => one.index === index)?.adversarial,
      },
    ]),
  );
  return { cell, witnesses, examples };
}

/**
 * Checks that a composite gives the same cell, byte for byte, whatever the batch size, and the same for each example in another
 * order and among other examples.
 */
export async function expectSameInAnyCompany(
  ground: Ground,
  attack: string,
  threat: ThreatSpec,
): Promise<void> {
  const [alone, ...others] = [
    await byExample(ground, attack, threat, DIGITS, 1),
    await byExample(ground, attack, threat, DIGITS, 7),
    await byExample(ground, attack, threat, DIGITS, 64),
  ];
  const { outcomes, stages } = alone.cell;
  expect(outcomes).toMatch(/^(?=.*r)(?=.*f)[rf]+$/);
  // Not all by one stage.
  expect(new Set(stages.map((stage) => stage.robust)).size).toBeGreaterThan(1);
  for (const other of others) {
    expect(untimed(other.cell)).toEqual(untimed(alone.cell));
    expect(other.witnesses).toEqual(alone.witnesses);
  }
  const shuffled = [...DIGITS.slice(4), ...DIGITS.slice(0, 4)].reverse();
  const mixed = [...STRANGERS.slice(0, 2), ...DIGITS.slice(2, 7), ...STRANGERS.slice(2)];
  for (const indices of [shuffled, mixed]) {
    const { examples } = await byExample(ground, attack, threat, indices, 5);
    for (const index of indices.filter((one) => DIGITS.includes(one)))
      expect({ index, ...examples.get(index) }).toEqual({ index, ...alone.examples.get(index) });
  }
}
