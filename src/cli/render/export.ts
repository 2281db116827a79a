import { relative } from 'node:path';
import type { ExportReport } from '../../results/schema/export-report.js';
import { plainTable } from '../../text/plain-table.js';

/** What was exported, for people. */
export function renderExport({ model, exported, files, ...report }: ExportReport): string {
  const { input, output, features, numClasses, difference } = report;
  const shape = `[${input.shape.join(', ')}] ${input.layout}, ${input.bounds.join(' to ')}`;
  const shown = (path: string): string => {
    const way = relative('', path);
    return way.startsWith('..') ? path : way;
  };
  return [
    `${model.id} as ${report.format}: ${shown(exported.path)}`,
    '',
    plainTable(
      ['file', 'bytes', 'SHA-256'],
      files.map(({ path, bytes, sha256 }) => [shown(path), bytes.toLocaleString('en-US'), sha256]),
      { right: [1] },
    ),
    '',
    `input     ${shape}`,
    `logits    ${output}, ${numClasses} classes`,
    ...(features === null ? [] : [`features  ${features}`]),
    `compared  outputs differ by at most ${difference.toExponential(1)}, relatively`,
  ].join('\n');
}
