import { CUSTOMARY_TRANSFORM } from '../api/budgets.js';
import { GauntletError } from '../errors.js';
import type { ThreatSpec } from '../plugin/threat.js';
import type { AttackArguments } from './attack-request.js';

type TransformFlag = keyof typeof CUSTOMARY_TRANSFORM;

/** Flags of other threat models, which say nothing about transforms. */
const FOREIGN = ['norm', 'epsilon', 'box'] as const;
/** More than half a turn either way is the same rotations again. */
const HALF_TURN = 180;

/**
 * The threat of `--threat transform`: up to `--rotation` degrees and `--translation` pixels, either way.
 * @throws GauntletError USAGE for what is not a number from 0 (rotations: to 180), and beside flags of other threats
 */
export function transformThreat(args: AttackArguments): ThreatSpec {
  const foreign = FOREIGN.filter((flag) => args[flag] !== undefined).map((flag) => `--${flag}`);
  if (foreign.length > 0) {
    throw new GauntletError('USAGE', `--threat transform takes no ${foreign.join(', ')}.`, {
      help: 'Give --rotation and --translation.',
    });
  }
  const angle = reachOf('rotation', args.rotation, HALF_TURN);
  const shift = reachOf('translation', args.translation, Infinity);
  return {
    kind: 'transform',
    ranges: { rotation: [-angle, angle], translateX: [-shift, shift], translateY: [-shift, shift] },
  };
}

/** @throws GauntletError USAGE when a flag of transforms is given with another threat, which it would not change */
export function refuseTransformFlags(args: AttackArguments): void {
  for (const flag of Object.keys(CUSTOMARY_TRANSFORM) as TransformFlag[]) {
    if (args[flag] !== undefined) throw new GauntletError('USAGE', `--${flag} needs --threat transform.`);
  }
}

function reachOf(flag: TransformFlag, text: string | undefined, most: number): number {
  if (text === undefined) return CUSTOMARY_TRANSFORM[flag];
  const reach = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(reach) && reach >= 0 && reach <= most) return reach;
  const range = most === Infinity ? 'from 0' : `from 0 to ${most}`;
  throw new GauntletError('USAGE', `--${flag} must be a number ${range}, received "${text}".`);
}
