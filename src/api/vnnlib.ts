import { resolve } from 'node:path';
import { readVnnlib } from '../data/vnnlib.js';
import { GauntletError } from '../errors.js';
import { unpackWitnesses } from '../evaluate/witnesses.js';
import type { AttackedModel, AttackModelRequest } from './attack-model.js';

/**
 * What an attack on a VNN-LIB instance asks for: the middle of its box is the one example, the box the threat, in the units of
 * the model file. An instance that names a target is a targeted attack.
 * @param path of the .vnnlib file, plain or gzipped
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID naming line, column and what was found there
 */
export async function vnnlibRequest(
  path: string,
): Promise<Required<Pick<AttackModelRequest, 'data' | 'examples' | 'threat' | 'goal' | 'ownUnits'>>> {
  const { lower, upper, property, sha256 } = await readVnnlib(path);
  const file = resolve(path);
  return {
    data: file,
    examples: 1,
    threat: { kind: 'box', file, sha256 },
    goal:
      property.kind === 'targeted' ? { kind: 'targeted', target: property.target } : { kind: 'untargeted' },
    ownUnits: [
      lower.reduce((least, value) => (value < least ? value : least), Infinity),
      upper.reduce((most, value) => (value > most ? value : most), -Infinity),
    ],
  };
}

/**
 * The counterexample an attack on a VNN-LIB instance found: the input that fooled the model, or the middle of the box where
 * the model is wrong without attack; undefined when there is none.
 * @throws GauntletError DATA_INVALID when the model's input is not the instance's
 */
export async function counterexampleOf(
  path: string,
  { cell, witnesses }: Pick<AttackedModel, 'cell' | 'witnesses'>,
): Promise<Float32Array | undefined> {
  if (cell.status !== 'completed') return undefined;
  if (cell.outcomes === 'w') return (await readVnnlib(path)).centre;
  if (cell.witnesses === null) return undefined;
  if (witnesses === null) throw new GauntletError('INTERNAL', 'The fooled input was not kept.');
  return unpackWitnesses(witnesses, cell.witnesses)[0]?.adversarial;
}
