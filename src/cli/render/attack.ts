import pc from 'picocolors';
import type { CompletedCell, Proportion } from '../../evaluate/cell.js';
import type { CrossCheck } from '../../evaluate/cross-check.js';
import { modelRemarks } from '../../results/model-remarks.js';
import { plainTable } from '../../text/plain-table.js';

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function line(name: string, { correct, n, interval }: Proportion): string[] {
  const range = `${percent(interval.lower)} to ${percent(interval.upper)}`;
  return [name, `${correct} / ${n}`, percent(correct / n), range];
}

/** What each attack of a composite did to what the ones before had left. */
function stageTable(cell: CompletedCell): string[] {
  if (cell.plan.kind !== 'cascade') return [];
  let before = cell.clean.correct;
  const rows = cell.stages.map(({ attack, robust, passes }) => {
    const fooled = before - robust;
    before = robust;
    return [attack, ...[before, fooled, passes.gradient, passes.forward].map(String)];
  });
  const columns = ['stage', 'robust after it', 'fooled by it', 'gradient passes', 'forward passes'];
  return [plainTable(columns, rows, { right: [1, 2, 3, 4] }), ''];
}

/** What another engine makes of what was found. */
function verified({ engine, examples, agreeing, disagreeing }: CrossCheck): string {
  const close = disagreeing.filter(({ withinRounding }) => withinRounding).length;
  const sentence = `${engine.id} ${engine.version} agrees on ${agreeing} of ${examples} adversarial examples`;
  if (disagreeing.length === 0) return sentence;
  return pc.yellow(
    `${sentence}; ${disagreeing.length} do not hold there, ${close} of them within rounding: ${disagreeing
      .map(({ index }) => index)
      .join(', ')}`,
  );
}

/** What an attack found, for people. */
export function renderAttack(cell: CompletedCell, verification?: CrossCheck): string {
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
    ...stageTable(cell),
    `fooled ${fooled.length}${median === undefined ? '' : `, median distance ${median.toPrecision(3)}`}; ` +
      `${sum(passes.gradient)} gradient and ${sum(passes.forward)} forward passes`,
    ...(verification === undefined ? [] : [verified(verification)]),
    ...(invalid === 0 ? [] : [pc.yellow(`invalid ${invalid}: counted as not robust`)]),
    ...flags.map((flag) => pc.yellow(`flag ${flag.code}: ${flag.message}`)),
    ...modelRemarks(model).map((remark) => pc.yellow(remark)),
    pc.dim('Attacks give an upper bound: a stronger one can only lower the accuracy.'),
  ].join('\n');
}
