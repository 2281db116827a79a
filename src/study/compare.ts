import { compareGroups } from '../metrics/study/compare-groups.js';
import type { Bounds } from '../metrics/resample.js';
import type { StudyComparison, StudyFigure } from '../results/schema/study.js';
import type { Figure, MeasuredModel } from './figures.js';
import type { StudyPlan } from './plan.js';

/** Below it, a corrected p value counts as a finding. */
export const LEVEL = 0.05;

/**
 * A figure of the models of one setting by head, with the first head of the plan compared with each of the others. Seeds are the
 * replicates; Holm's correction is over these comparisons, so that a family is one figure in one setting.
 */
export function compareHeads(
  plan: StudyPlan,
  { value, ...figure }: Figure,
  models: readonly MeasuredModel[],
): StudyFigure {
  const groups = plan.heads.flatMap((head) => {
    const own = models.filter(({ run }) => run.head === head.id);
    const values = own.map(value).filter((one) => one !== null);
    return values.length === 0 ? [] : [{ head: head.id, values, without: own.length - values.length }];
  });
  const asked = plan.heads[0]!.id;
  const isComparable = groups.length > 1 && groups[0]!.head === asked;
  return {
    ...figure,
    groups: groups.map((group) => ({ ...group, ...spreadOf(group.values) })),
    comparisons: isComparable ? comparisonsOf(groups, asked) : [],
  };
}

function comparisonsOf(
  groups: readonly { readonly head: string; readonly values: readonly number[] }[],
  asked: string,
): StudyComparison[] {
  const named = groups.map(({ head, values }) => ({ name: head, values }));
  return compareGroups(named, asked).comparisons.map((one): StudyComparison => {
    // compareGroups takes the reference from the others; read here is what the head in question has more.
    const difference = 0 - one.difference;
    return {
      ...{ other: one.first, difference, p: one.p, adjustedP: one.adjustedP },
      ...{ smallestP: one.smallestP, exact: one.exact },
      interval: one.interval && turned(one.interval),
      hedgesG: one.hedgesG && { value: 0 - one.hedgesG.value, interval: turned(one.hedgesG.interval) },
      finding: one.adjustedP < LEVEL ? (difference > 0 ? 'higher' : 'lower') : 'open',
    };
  });
}

const turned = ({ lower, upper }: Bounds): Bounds => ({ lower: 0 - upper, upper: 0 - lower });

/** Mean and standard deviation of a sample (divided by n - 1). */
function spreadOf(values: readonly number[]): { mean: number; std: number | null } {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  if (values.length < 2) return { mean, std: null };
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}
