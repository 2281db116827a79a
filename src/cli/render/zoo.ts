import pc from 'picocolors';
import { plainTable } from '../../text/plain-table.js';
import type { VerifiedModel, VerifiedPart } from '../../train/verify.js';
import type { ZooTraining } from '../../train/zoo.js';

/** What became of the recipes of a zoo, as a table. */
export const renderTrainings = (models: readonly ZooTraining[]): string =>
  plainTable(
    ['id', 'status', ''],
    models.map(({ id, status, reason = '' }) => [id, status, reason]),
  );

const STATUS: Readonly<Record<VerifiedPart['status'], (text: string) => string>> = {
  same: pc.green,
  differs: pc.red,
  unavailable: pc.yellow,
};

/** Models measured again, a line for each part of their data. */
export function renderVerified(models: readonly VerifiedModel[]): string {
  const rows = models.flatMap(({ id, parts }) =>
    parts.map(({ part, status, found, reason = '' }, i) => [
      ...[i === 0 ? id : '', part, STATUS[status](status)],
      found === undefined ? '-' : `${found.accuracy.correct}/${found.accuracy.n}`,
      reason,
    ]),
  );
  return plainTable(['id', 'data', 'status', 'right', ''], rows, { right: [3] });
}
