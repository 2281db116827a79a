import { vnnlibRequest } from '../api/vnnlib.js';
import { GauntletError } from '../errors.js';
import type { AttackArguments } from './attack-request.js';

/** Flags whose answer is in the instance. */
const ANSWERED = [
  'data',
  'threat',
  'norm',
  'epsilon',
  'box',
  'rotation',
  'translation',
  'patch-area',
  'goal',
  'target',
  'examples',
] as const;

/**
 * The part of an attack's request that the instance of `--vnnlib` answers.
 * @throws GauntletError USAGE beside a flag that asks the same; what vnnlibRequest throws
 */
export async function vnnlibAnswers(file: string, args: AttackArguments): ReturnType<typeof vnnlibRequest> {
  const given = ANSWERED.filter((flag) => args[flag] !== undefined);
  if (given.length > 0) {
    const flags = given.map((flag) => `--${flag}`).join(', ');
    throw new GauntletError('USAGE', `--vnnlib says what to attack and how far; it takes no ${flags}.`);
  }
  return vnnlibRequest(file);
}
