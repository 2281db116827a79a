import { vnnlibRequest } from '../api/vnnlib.js';
import { GauntletError } from '../errors.js';
import { VNNLIB_ATTACK } from './attack-flags.js';
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

/** An instance is one example and worth more than the short run that is customary over a whole data set. */
const THOROUGH: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pgd: { loss: 'margin', steps: 100, restarts: 20 },
};

/** Parameters of the attack on an instance that are not given. */
export const vnnlibParameters = (attack: string | undefined): Readonly<Record<string, unknown>> =>
  attack === undefined ? (THOROUGH[VNNLIB_ATTACK] ?? {}) : {};

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
