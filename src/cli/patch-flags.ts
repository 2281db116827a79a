import { CUSTOMARY_PATCH_AREA } from '../api/budgets.js';
import { GauntletError } from '../errors.js';
import type { ThreatSpec } from '../plugin/threat.js';
import { parseBudget } from '../suite/budget.js';
import type { AttackArguments } from './attack-request.js';

/** Flags of other threat models, which say nothing about patches. */
const FOREIGN = ['norm', 'epsilon', 'box'] as const;

/**
 * The threat of `--threat patch`: a square of at most `--patch-area`, a fraction of the image.
 * @throws GauntletError USAGE for what is not above 0 and at most 1, and beside flags of other threats; EXPRESSION_INVALID
 */
export async function patchThreat(args: AttackArguments): Promise<ThreatSpec> {
  const foreign = FOREIGN.filter((flag) => args[flag] !== undefined).map((flag) => `--${flag}`);
  if (foreign.length > 0) {
    throw new GauntletError('USAGE', `--threat patch takes no ${foreign.join(', ')}.`, {
      help: 'Give --patch-area.',
    });
  }
  const text = args['patch-area'];
  const area = text === undefined ? CUSTOMARY_PATCH_AREA : await parseBudget(text);
  if (area > 0 && area <= 1) return { kind: 'patch', area };
  throw new GauntletError('USAGE', `--patch-area must be above 0 and at most 1, received "${text ?? ''}".`);
}

/** @throws GauntletError USAGE when a flag of patches is given with another threat, which it would not change */
export function refusePatchFlags(args: AttackArguments): void {
  if (args['patch-area'] !== undefined)
    throw new GauntletError('USAGE', '--patch-area needs --threat patch.');
}
