import { GauntletError } from '../errors.js';
import { didYouMean } from '../text/suggest.js';
import { matchesGlob } from '../text/glob.js';
import type { Suite, SuiteEntry } from './suite.js';

type CorruptionEntry = Extract<SuiteEntry, { kind: 'corruption' }>;

/**
 * The entries of a suite of whose corruptions only those are kept that match one of the patterns; attacks stay.
 * @param patterns ids or globs of corruptions
 * @throws GauntletError SUITE_INVALID for a pattern that matches no corruption of the suite, USAGE without any
 */
export function keepCorruptions(suite: Suite, patterns: readonly string[]): readonly SuiteEntry[] {
  if (patterns.length === 0) throw new GauntletError('USAGE', 'At least one corruption must be named.');
  const known = [...new Set(corruptionsOf(suite, 'corruption').map(({ corruption }) => corruption))];
  const stray = patterns.find((pattern) => !known.some((id) => matchesGlob(pattern, id)));
  if (stray !== undefined) {
    throw new GauntletError(
      'SUITE_INVALID',
      `${suite.id}: no corruption of it is called "${stray}"${didYouMean(stray, known) || `; there are ${known.join(', ')}.`}`,
    );
  }
  return suite.entries.filter(
    (entry) =>
      entry.kind !== 'corruption' || patterns.some((pattern) => matchesGlob(pattern, entry.corruption)),
  );
}

/**
 * The entries of a suite with only these severities of its corruptions; a corruption that has none of them goes, attacks stay.
 * @throws GauntletError SUITE_INVALID for a severity that no corruption of the suite has, USAGE without any or for one that is
 *   no whole number from 1 to 5
 */
export function keepSeverities(suite: Suite, severities: readonly number[]): readonly SuiteEntry[] {
  const odd = severities.find((severity) => !Number.isInteger(severity) || severity < 1 || severity > 5);
  if (odd !== undefined || severities.length === 0) {
    const received = odd === undefined ? 'none was given' : `${odd} was given`;
    throw new GauntletError('USAGE', `Severities are whole numbers from 1 to 5; ${received}.`);
  }
  const known = new Set(corruptionsOf(suite, 'severity').flatMap((entry) => entry.severities));
  const missing = severities.find((severity) => !known.has(severity));
  if (missing !== undefined) {
    throw new GauntletError(
      'SUITE_INVALID',
      `${suite.id}: no corruption of it has severity ${missing}; there are ${[...known].sort().join(', ')}.`,
    );
  }
  return suite.entries.flatMap((entry): SuiteEntry[] => {
    if (entry.kind !== 'corruption') return [entry];
    const kept = entry.severities.filter((severity) => severities.includes(severity));
    if (kept.length === 0) return [];
    return [kept.length === entry.severities.length ? entry : { ...entry, severities: kept }];
  });
}

function corruptionsOf(suite: Suite, wanted: string): CorruptionEntry[] {
  const found = suite.entries.filter((entry) => entry.kind === 'corruption');
  if (found.length > 0) return found;
  throw new GauntletError('SUITE_INVALID', `${suite.id}: a ${wanted} was named, but it has no corruptions.`);
}
