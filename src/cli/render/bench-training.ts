import type { TrainingReport } from '../../results/schema/bench.js';
import { plainTable } from '../../text/plain-table.js';

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** Training steps as a table. */
export const renderTraining = (reports: readonly TrainingReport[]): string =>
  plainTable(
    ['training', 'images', 'ms', 'images/s', 'GFLOP/s', 'of peak', 'in turns'],
    reports.map(({ network, images, milliseconds, imagesPerSecond, gflops, shareOfPeak, shareInTurns }) => [
      ...[network, String(images), milliseconds.fastest.toFixed(1)],
      ...[Math.round(imagesPerSecond).toLocaleString('en-US'), gflops.toFixed(1)],
      ...[percent(shareOfPeak), percent(shareInTurns)],
    ]),
    { right: [1, 2, 3, 4, 5, 6] },
  );
