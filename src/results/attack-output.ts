import { GauntletError } from '../errors.js';
import type { CompletedCell } from '../evaluate/cell.js';
import type { AttackOutput } from './schema/attack-output.js';
import { validateResult } from './validate.js';

/**
 * A cell with one attack as `gauntlet attack --json` prints it.
 * @param witness counterexample to a VNN-LIB instance
 * @throws GauntletError INTERNAL when the cell's plan is not a single attack
 */
export function attackOutput(cell: CompletedCell, witness?: Float32Array): AttackOutput {
  if (cell.plan.kind !== 'attack') {
    throw new GauntletError('INTERNAL', `A ${cell.plan.kind} cell has no attack output.`);
  }
  const [{ attack, parameters, threat, goal }] = cell.plan.stages;
  const { model, data, n, clean, robust, invalid, outcomes, distances, flags, seed, provenance, timing } =
    cell;
  const output = {
    schemaVersion: 1,
    model,
    data,
    attack: { id: attack.id, version: attack.version, parameters },
    threat,
    goal,
    n,
    clean: { correct: clean.correct, interval: clean.interval },
    robust: { correct: robust.correct, interval: robust.interval },
    invalid,
    outcomes,
    distances,
    flags,
    ...(witness === undefined ? {} : { witness: Array.from(witness) }),
    seed,
    provenance,
    timing,
  };
  return validateResult('attack-output', output, 'attack output');
}
