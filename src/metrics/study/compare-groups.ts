import { meanSpread, type MeanSpread } from '../latent/mean-spread.js';
import { hedgesG, type EffectSize } from './effect-size.js';
import { holm } from './holm.js';
import { permutationTest, type PermutationTest } from './permutation-test.js';

/** A measure of one kind of model, such as a head, trained with several seeds. */
export interface Group {
  readonly name: string;
  /** One value per seed, finite. */
  readonly values: readonly number[];
}

/** Two groups compared. */
export interface GroupComparison extends PermutationTest {
  readonly first: string;
  readonly second: string;
  /** p corrected for all comparisons made together (Holm). */
  readonly adjustedP: number;
  readonly hedgesG: EffectSize | null;
}

/** Groups and how they differ in one measure. */
export interface GroupComparisons {
  readonly groups: readonly (Group & MeanSpread)[];
  readonly comparisons: readonly GroupComparison[];
}

/**
 * Compares groups of seeds by their means: permutation tests with Holm's correction over all of them, differences and
 * Hedges' g with intervals. The unit is the seed, as the claim is about a way to train and not about one checkpoint.
 * @param reference compares every other group with this one only; all pairs otherwise
 * @throws RangeError for a group without values, or a reference that is not among them
 */
export function compareGroups(groups: readonly Group[], reference?: string): GroupComparisons {
  const empty = groups.find(({ values }) => values.length === 0);
  if (empty !== undefined) throw new RangeError(`the group "${empty.name}" has no values`);
  const pairs = pairsOf(groups, reference);
  const tests = pairs.map(([first, second]) => permutationTest(first.values, second.values));
  const adjusted = holm(tests.map(({ p }) => p));
  return {
    groups: groups.map((group) => ({ ...group, ...meanSpread(group.values)! })),
    comparisons: pairs.map(([first, second], i) => ({
      ...{ first: first.name, second: second.name },
      ...tests[i]!,
      adjustedP: adjusted[i]!,
      hedgesG: hedgesG(first.values, second.values),
    })),
  };
}

function pairsOf(groups: readonly Group[], reference: string | undefined): (readonly [Group, Group])[] {
  if (reference === undefined)
    return groups.flatMap((first, i) => groups.slice(i + 1).map((second) => [first, second] as const));
  const second = groups.find(({ name }) => name === reference);
  if (second === undefined)
    throw new RangeError(
      `no group "${reference}" among ${groups.map(({ name }) => name).join(', ') || 'none'}`,
    );
  return groups.filter((group) => group !== second).map((first) => [first, second] as const);
}
