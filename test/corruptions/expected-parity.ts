import type { ParityRow } from './parity.js';

/** How far from the published scripts a corruption may be: levels, and the share of values that differ at all. */
export interface ParityBound {
  readonly maxDifference: number;
  readonly differingShare: number;
}

const EXACT: ParityBound = { maxDifference: 0, differingShare: 0 };

/** Corruptions that are not equal to the level, by profile and id; all others must be. */
const BOUNDS: Readonly<Record<string, ParityBound>> = {};

export function boundOf({ profile, corruption }: Pick<ParityRow, 'profile' | 'corruption'>): ParityBound {
  return BOUNDS[`${profile}/${corruption}`] ?? EXACT;
}
