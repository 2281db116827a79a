import type { CorruptionReport } from '../../results/schema/bench.js';
import { plainTable } from '../../text/plain-table.js';

/** Corruptions as a table, images per second of one thread. */
export function renderCorruptions(corruptions: readonly CorruptionReport[]): string {
  const rows = corruptions.map(({ corruption, profile, shape, severities, imagesPerSecond }) => [
    ...[corruption, profile, shape.join(' x '), String(severities)],
    Math.round(imagesPerSecond).toLocaleString('en-US'),
  ]);
  return plainTable(['corruption', 'profile', 'shape', 'severities', 'images/s'], rows, { right: [3, 4] });
}
