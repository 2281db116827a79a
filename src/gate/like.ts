import { GauntletError } from '../errors.js';
import { columnHashes } from '../leaderboard/conditions.js';
import type { Leaderboard } from '../results/schema/leaderboard.js';
import type { Thresholds } from '../results/schema/thresholds.js';

/** What thresholds record of the corruptions of the run they were made from, so that no other ones are held against them. */
export function corruptionsOf(
  leaderboard: Leaderboard,
): Pick<Thresholds, 'corruptions' | 'corruptionBaseline'> {
  const hashes = leaderboard.columns.flatMap((column) => {
    const found = columnHashes(column);
    return found === undefined ? [] : [[column.id, { ...found }] as const];
  });
  const { baseline } = leaderboard;
  return {
    ...(hashes.length === 0 ? {} : { corruptions: Object.fromEntries(hashes) }),
    ...(baseline === undefined
      ? {}
      : { corruptionBaseline: { id: baseline.id, kind: baseline.kind, sha256: baseline.sha256 } }),
  };
}

/**
 * Refuses a run whose corruptions were made by other plugins or under other conditions than the thresholds', or whose errors are
 * divided by another baseline. What the thresholds do not record is not compared.
 * @throws GauntletError THRESHOLDS_MISMATCH
 */
export function requireSameCorruptions(thresholds: Thresholds, leaderboard: Leaderboard): void {
  const { corruptions = {}, corruptionBaseline: expected } = thresholds;
  for (const column of leaderboard.columns) {
    const [before, now] = [corruptions[column.id], columnHashes(column)];
    if (before === undefined || now === undefined || before.conditions === now.conditions) continue;
    throw new GauntletError(
      'THRESHOLDS_MISMATCH',
      `The corruption ${column.id} was made otherwise when the thresholds were: by another version, or under another profile, quirks, parameters or source of images.`,
      { help: 'Write new thresholds with --update, or run with the version they were made with.' },
    );
  }
  const found = leaderboard.baseline;
  if (expected === undefined || found === undefined) return;
  if (expected.kind === found.kind && expected.sha256 === found.sha256) return;
  const name = ({ id, kind, sha256 }: typeof expected) => `${id} (${kind}, ${sha256.slice(0, 12)})`;
  throw new GauntletError(
    'THRESHOLDS_MISMATCH',
    `The thresholds are for corruption errors divided by ${name(expected)}, the run's are divided by ${name(found)}.`,
  );
}

/** A warning for each corruption column whose images are not those the thresholds were made on, though made in the same way. */
export function unlikeImages({ corruptions = {} }: Thresholds, { columns }: Leaderboard): string[] {
  return columns.flatMap((column) => {
    const [before, now] = [corruptions[column.id]?.images, columnHashes(column)?.images];
    if (before === undefined || now === undefined || before === now) return [];
    return [
      `The corrupted images of ${column.id} are not those the thresholds were made on: SHA-256 ${now.slice(0, 12)}, before ${before.slice(0, 12)}.`,
    ];
  });
}
