import type { EngineReport } from '../../results/schema/bench.js';
import { plainTable } from '../../text/plain-table.js';

/** The native engine beside another as a table. */
export function renderEngines(reports: readonly EngineReport[]): string {
  const rows = reports.flatMap(({ model, batchSize, engine, steps, forward, gradient, pgd }) =>
    (
      [
        ['forward', forward],
        ['forward + gradient', gradient],
        [`PGD-${steps}`, pgd],
      ] as const
    ).map(([name, { native, other, ratio }], i) => [
      ...[i === 0 ? model : '', name, String(batchSize), native.fastest.toFixed(1), other.fastest.toFixed(1)],
      `native is ${ratio.toFixed(1)}x as fast as ${engine.id} ${engine.version}`,
    ]),
  );
  return plainTable(['model', 'pass', 'images', 'native ms', 'other ms', ''], rows, { right: [2, 3, 4] });
}
