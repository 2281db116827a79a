import { GauntletError } from '../errors.js';
import type { CompletedCell, ModelReference } from '../evaluate/cell.js';
import type { CrossCheck } from '../evaluate/cross-check.js';
import type { AttackOutput } from './schema/attack-output.js';
import { validateResult } from './validate.js';

/**
 * A cell with one attack or composite as `gauntlet attack --json` prints it.
 * @param witness counterexample to a VNN-LIB instance
 * @param verification of its adversarial examples on another engine
 * @throws GauntletError INTERNAL when the cell's plan is neither
 */
export function attackOutput(
  cell: CompletedCell,
  witness?: Float32Array,
  verification?: CrossCheck,
): AttackOutput {
  const { model, data, n, clean, robust, invalid, outcomes, distances, flags, seed, provenance, timing } =
    cell;
  const output = {
    schemaVersion: 1,
    model,
    data,
    ...namedAttack(cell),
    n,
    clean: { correct: clean.correct, interval: clean.interval },
    robust: { correct: robust.correct, interval: robust.interval },
    invalid,
    outcomes,
    distances,
    flags,
    ...(witness === undefined ? {} : { witness: Array.from(witness) }),
    ...(verification === undefined ? {} : { verification }),
    seed,
    provenance,
    timing,
  };
  return validateResult('attack-output', output, 'attack output');
}

const identityOf = ({ id, sha256, declared }: ModelReference): object => ({
  ...{ id, sha256 },
  ...(declared === undefined ? {} : { declared }),
});

/** The attack that was named, and a composite's stages. */
function namedAttack({ plan, stages }: CompletedCell): object {
  if (plan.kind === 'attack') {
    const [{ attack, parameters, threat, goal, surrogate }] = plan.stages;
    return {
      attack: { id: attack.id, version: attack.version, parameters },
      ...{ threat, goal },
      ...(surrogate === undefined ? {} : { surrogate: identityOf(surrogate) }),
    };
  }
  if (plan.kind !== 'cascade' || plan.composite === undefined) {
    throw new GauntletError('INTERNAL', `A ${plan.kind} cell has no attack output.`);
  }
  const { plugin, parameters } = plan.composite;
  const { threat, goal } = plan.stages[0]!;
  return {
    attack: { id: plugin.id, version: plugin.version, parameters },
    threat,
    goal,
    stages: stages.map(({ attack, outcomes, robust, passes }, i) => ({
      ...{ attack, parameters: plan.stages[i]!.parameters, outcomes, robust, passes },
    })),
  };
}
