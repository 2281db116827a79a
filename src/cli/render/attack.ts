import pc from 'picocolors';
import type { CompletedCell, Proportion } from '../../evaluate/cell.js';
import { modelRemarks } from '../../results/model-remarks.js';
import { plainTable } from '../../text/plain-table.js';

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function line(name: string, { correct, n, interval }: Proportion): string[] {
  const range = `${percent(interval.lower)} to ${percent(interval.upper)}`;
  return [name, `${correct} / ${n}`, percent(correct / n), range];
}

/** What an attack found, for people. */
export function renderAttack(cell: CompletedCell): string {
  const { model, data, title, clean, robust, outcomes, distances, passes, invalid, flags } = cell;
  const fooled = distances.filter(
    (distance, row): distance is number => outcomes[row] === 'f' && distance !== null,
  );
  const median = fooled.sort((a, b) => a - b)[Math.floor(fooled.length / 2)];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return [
    `${pc.bold(model.id)} on ${data.source} (${data.split}), ${title}`,
    '',
    plainTable(
      ['', 'correct', 'accuracy', '95 % interval'],
      [line('clean', clean), line('under attack', robust)],
      { right: [1, 2] },
    ),
    '',
    `fooled ${fooled.length}${median === undefined ? '' : `, median distance ${median.toPrecision(3)}`}; ` +
      `${sum(passes.gradient)} gradient and ${sum(passes.forward)} forward passes`,
    ...(invalid === 0 ? [] : [pc.yellow(`invalid ${invalid}: counted as not robust`)]),
    ...flags.map((flag) => pc.yellow(`flag ${flag.code}: ${flag.message}`)),
    ...modelRemarks(model).map((remark) => pc.yellow(remark)),
    pc.dim('One attack gives an upper bound: a stronger one can only lower the accuracy.'),
  ].join('\n');
}
