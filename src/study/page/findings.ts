import type { Study, StudyFigure, StudySetting } from '../../results/schema/study.js';
import { LEVEL } from '../compare.js';
import type { Choice } from './aspects.js';
import { counted } from './numbers.js';

/** How the comparisons of some figures came out for the head in question. */
export interface Tally {
  readonly better: number;
  readonly worse: number;
  readonly open: number;
  readonly all: number;
  /** Comparisons that could not have come out significant, as the seeds are too few. */
  readonly powerless: number;
}

/** Figures of settings that are chosen by question or id. */
export const figuresWhere = (settings: readonly StudySetting[], chosen: Choice): StudyFigure[] =>
  settings.flatMap(({ figures }) => figures.filter(chosen));

/** Settings with measured models, all and parted by whether every replicate of the head in question reached the mechanism. */
export function settingsByMechanism({ settings }: Study): {
  readonly measured: readonly StudySetting[];
  readonly reached: readonly StudySetting[];
  readonly missed: readonly StudySetting[];
} {
  const measured = settings.filter(({ runs }) => runs > 0);
  const isReached = ({ mechanism: { reached, of } }: StudySetting) => of > 0 && reached === of;
  return {
    ...{ measured, reached: measured.filter(isReached) },
    missed: measured.filter((one) => !isReached(one)),
  };
}

/** Counts comparisons of the chosen figures of settings that have a better and a worse; a finding is a corrected p below LEVEL. */
export function tallyOf(settings: readonly StudySetting[], chosen: Choice): Tally {
  const tally = { better: 0, worse: 0, open: 0, all: 0, powerless: 0 };
  for (const { higherIsBetter, comparisons } of figuresWhere(settings, chosen)) {
    if (higherIsBetter === null) continue;
    for (const { finding, smallestP } of comparisons) {
      tally.all += 1;
      if (finding === 'open') tally.open += 1;
      else if ((finding === 'higher') === higherIsBetter) tally.better += 1;
      else tally.worse += 1;
      if (smallestP * comparisons.length >= LEVEL) tally.powerless += 1;
    }
  }
  return tally;
}

/** What a tally says, chosen by the numbers alone. */
export function tallyText({ better, worse, open, all, powerless }: Tally): string {
  if (all === 0) return 'Nothing can be said yet: there is nothing to compare.';
  const counts = `Of ${counted(all, 'comparison')} with another head in a setting, BinEnc is better in ${better}, worse in ${worse}, and ${open} ${open === 1 ? 'shows' : 'show'} no difference.`;
  const power =
    powerless === 0 ? '' : ` In ${powerless} of them the seeds are too few for any difference to be shown.`;
  return `${counts}${power} **${conclusion({ better, worse, all })}**`;
}

function conclusion({ better, worse, all }: Pick<Tally, 'better' | 'worse' | 'all'>): string {
  if (better === 0 && worse === 0) return 'No difference is shown.';
  if (better === all) return 'BinEnc is better throughout.';
  if (worse === all) return 'BinEnc is worse throughout.';
  if (worse === 0) return 'BinEnc is better in a part of the comparisons, and worse in none.';
  if (better === 0) return 'BinEnc is worse in a part of the comparisons, and better in none.';
  return 'The findings go both ways.';
}

/** A tally in a cell of a table. */
export function tallyCell({ better, worse, all, powerless }: Tally): string {
  if (all === 0) return '–';
  if (powerless === all) return 'too few seeds to tell';
  const found = [better > 0 && `better in ${better}`, worse > 0 && `worse in ${worse}`].filter(Boolean);
  return found.length === 0 ? `no difference in ${all}` : `${found.join(', ')} of ${all}`;
}
