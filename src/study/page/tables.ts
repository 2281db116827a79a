import type { Study, StudyComparison, StudyFigure } from '../../results/schema/study.js';
import type { StudyPlan } from '../plan.js';
import { bars } from '../../text/bars.js';
import { ASPECTS, type Choice } from './aspects.js';
import { settingsByMechanism, tallyCell, tallyOf } from './findings.js';
import { counted, differenceText, fixedText, pText, table, valueText } from './numbers.js';

/** Names of heads by id. */
export const headTitle = (plan: StudyPlan, head: string): string =>
  plan.heads.find(({ id }) => id === head)?.title ?? head;

/** Names of settings by id. */
export const settingTitle = (plan: StudyPlan, setting: string): string =>
  plan.settings.find(({ id }) => id === setting)?.title ?? setting;

/** Every aspect in every setting that has measured models. */
export function summaryTable(plan: StudyPlan, study: Study): string {
  const { measured } = settingsByMechanism(study);
  return table(
    ['', ...measured.map(({ id }) => settingTitle(plan, id))],
    [
      ['Mechanism reached', ...measured.map(({ mechanism: { reached, of } }) => `by ${reached} of ${of}`)],
      ...Object.values(ASPECTS).map(({ title, chosen }) => [
        title,
        ...measured.map((setting) => tallyCell(tallyOf([setting], chosen))),
      ]),
    ],
  );
}

/** For each setting that has some of the chosen figures: means and spreads by head, and the comparisons. */
export function figureTables(plan: StudyPlan, study: Study, chosen: Choice): string[] {
  return study.settings.flatMap(({ id, figures, runs }) => {
    const some = figures.filter(chosen);
    if (some.length === 0) return [];
    const others = plan.heads.slice(1);
    const head = [
      `${settingTitle(plan, id)} (${counted(runs, 'model')})`,
      ...plan.heads.map(({ title }) => title),
      ...others.map(({ title }) => `less ${title}`),
    ];
    const rows = some.map((figure) => [
      figure.title,
      ...plan.heads.map((one) => groupText(figure, one.id)),
      ...others.map((one) => comparisonText(figure, one.id)),
    ]);
    return [table(head, rows)];
  });
}

function groupText({ groups, unit }: StudyFigure, head: string): string {
  const group = groups.find((one) => one.head === head);
  if (group === undefined) return '–';
  const { mean, std, values, without } = group;
  const spread =
    std === null ? '' : ` ± ${unit === 'number' ? valueText(std, unit) : (100 * std).toFixed(1)}`;
  const seeds = without === 0 ? '' : ` (${values.length} of ${values.length + without})`;
  return `${valueText(mean, unit)}${spread}${seeds}`;
}

function comparisonText({ comparisons, unit }: StudyFigure, other: string): string {
  const one = comparisons.find((comparison) => comparison.other === other);
  if (one === undefined) return '–';
  const { difference, interval, hedgesG, adjustedP } = one;
  const range =
    interval === null
      ? ''
      : ` [${differenceText(interval.lower, unit)}, ${differenceText(interval.upper, unit)}]`;
  const effect = hedgesG === null ? '' : `, ${effectText(hedgesG)}`;
  const text = `${differenceText(difference, unit)}${range}, ${pText(adjustedP)}${effect}`;
  return isFinding(one) ? `**${text}**` : text;
}

function effectText({ value, interval }: NonNullable<StudyComparison['hedgesG']>): string {
  const text = (size: number) => fixedText(size, 1);
  return `g = ${text(value)} [${text(interval.lower)}, ${text(interval.upper)}]`;
}

const isFinding = ({ finding }: StudyComparison): boolean => finding !== 'open';

/** Learning rates that were tried, with right validation images; the chosen one bold. */
export function searchTable(plan: StudyPlan, { learningRates }: Study): string {
  return table(
    ['setting', 'head', ...plan.candidates.map((rate) => rate.toExponential())],
    learningRates.map(({ setting, head, chosen, tried }) => [
      settingTitle(plan, setting),
      headTitle(plan, head),
      ...plan.candidates.map((rate) => {
        const one = tried.find(({ learningRate }) => learningRate === rate);
        if (one === undefined) return 'missing';
        const text = `${((100 * one.correct) / one.n).toFixed(2)} %`;
        return rate === chosen ? `**${text}**` : text;
      }),
    ]),
  );
}

/** The manipulation check of every model of the head in question. */
export function manipulationTable({ manipulation }: Study): string {
  const number = (value: number | null, unit: StudyFigure['unit']) =>
    value === null ? '–' : valueText(value, unit);
  return table(
    ['model', 'same encoding', 'peak distance, mean', 'median', 'reading'],
    manipulation.map(({ id, sameEncoding, separation, medianSeparation, reading }) => [
      `\`${id}\``,
      number(sameEncoding, 'share'),
      number(separation, 'number'),
      number(medianSeparation, 'number'),
      reading,
    ]),
  );
}

/** Two named checkpoints on the same images. */
export function checkpointTable({ checkpoints }: Study): string {
  return table(
    ['column', 'first', 'second', 'both robust', 'only first', 'only second', 'neither', 'McNemar'],
    checkpoints.map(({ entry, first, second, both, onlyFirst, onlySecond, neither, p }) => [
      ...[entry, `\`${first}\``, `\`${second}\``],
      ...[both, onlyFirst, onlySecond, neither].map(String),
      pText(p),
    ]),
  );
}

/** Code books by setting and head. */
export function codeTable(plan: StudyPlan, { codes }: Study): string {
  const range = (values: readonly number[]) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return values.length === 0 ? '–' : least === most ? String(least) : `${least} to ${most}`;
  };
  return table(
    ['setting', 'head', 'units', 'different words', 'smallest distance', 'agreement of seeds', 'nearest'],
    codes.map(({ setting, head, units, books, agreement, nearest }) => [
      ...[settingTitle(plan, setting), headTitle(plan, head), String(units)],
      range(books.map(({ distinct }) => distinct)),
      range(books.flatMap(({ minimumDistance }) => (minimumDistance === null ? [] : [minimumDistance]))),
      agreement === null ? '–' : fixedText(agreement, 2),
      nearest.length === 0 ? '–' : nearest.map((pair) => pair.join(' and ')).join('; '),
    ]),
  );
}

/** Where latent values lie between the peaks of their units, as bars. */
export function histogramTable(plan: StudyPlan, { codes }: Study): string {
  return table(
    ['setting', 'head', 'latent values'],
    codes.map(({ setting, head, histogram }) => [
      ...[settingTitle(plan, setting), headTitle(plan, head), `\`${bars(histogram)}\``],
    ]),
  );
}

/** The long trainings of each setting side by side. */
export function longTables(plan: StudyPlan, { long }: Study): string[] {
  return plan.settings.flatMap((setting) => {
    const own = long.filter((one) => one.setting === setting.id);
    if (own.length === 0) return [];
    const rows = new Map(own.flatMap(({ figures }) => figures.map((one) => [one.id, one] as const)));
    return [
      table(
        [setting.title, ...own.map(({ head, epochs }) => `${headTitle(plan, head)}, ${epochs} epochs`)],
        [...rows.values()].map(({ id, title, unit }) => [
          title,
          ...own.map(({ figures }) => {
            const value = figures.find((one) => one.id === id)?.value ?? null;
            return value === null ? '–' : valueText(value, unit);
          }),
        ]),
      ),
    ];
  });
}
