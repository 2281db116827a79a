import type { Study } from '../results/schema/study.js';
import type { StudyRun } from '../results/schema/study-run.js';
import type { StudyPlan } from './plan.js';

type CodeSummary = Study['codes'][number];

/** Words of the classes of a model, with the Hamming distance of each pair of classes. */
interface Book {
  readonly seed: number;
  readonly classes: readonly string[];
  readonly words: readonly string[];
  readonly distances: ReadonlyMap<string, number>;
}

/**
 * What the code books of each setting and head have in common over seeds. Units have no order and no sign that seeds could share,
 * distances between words do: they are compared.
 */
export function summariseCodes(plan: StudyPlan, runs: readonly StudyRun[]): CodeSummary[] {
  return plan.settings.flatMap((setting) =>
    plan.heads.flatMap((head): CodeSummary[] => {
      const own = runs.filter((run) => run.setting === setting.id && run.head === head.id);
      if (own.length === 0) return [];
      const books = own.map(bookOf);
      return [
        {
          ...{ setting: setting.id, head: head.id, units: own[0]!.latent.units },
          books: books.map(({ seed, classes, words, distances }) => ({
            ...{ seed, classes: classes.length, distinct: new Set(words).size },
            minimumDistance: distances.size === 0 ? null : Math.min(...distances.values()),
          })),
          histogram: own[0]!.latent.histogram,
          agreement: agreementOf(books),
          nearest: nearestOf(books),
        },
      ];
    }),
  );
}

function bookOf({ seed, latent }: StudyRun): Book {
  const entries = latent.words.map((text) => text.split(':') as [string, string]);
  const distances = new Map<string, number>();
  for (const [i, [a, first]] of entries.entries()) {
    for (const [b, second] of entries.slice(i + 1)) distances.set(`${a}-${b}`, hamming(first, second));
  }
  return { seed, classes: entries.map(([name]) => name), words: entries.map(([, word]) => word), distances };
}

function hamming(a: string, b: string): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count += 1;
  return count;
}

/** Mean over pairs of seeds of the correlation of their distances; null with one seed, or where distances do not vary. */
function agreementOf(books: readonly Book[]): number | null {
  const values = books.flatMap((first, i) =>
    books.slice(i + 1).flatMap((second) => {
      const pairs = [...first.distances.keys()].filter((pair) => second.distances.has(pair));
      const value = correlation(
        pairs.map((pair) => first.distances.get(pair)!),
        pairs.map((pair) => second.distances.get(pair)!),
      );
      return value === null ? [] : [value];
    }),
  );
  return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** Pearson's; null where one of them does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [centreA, centreB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    both += (value - centreA) * (b[i]! - centreB);
    squaresA += (value - centreA) ** 2;
    squaresB += (b[i]! - centreB) ** 2;
  }
  return squaresA > 0 && squaresB > 0 ? both / Math.sqrt(squaresA * squaresB) : null;
}

/** Pairs of classes that are at the smallest distance in more than half of the code books. */
function nearestOf(books: readonly Book[]): number[][] {
  const counts = new Map<string, number>();
  for (const { distances } of books) {
    const smallest = Math.min(...distances.values());
    for (const [pair, distance] of distances)
      if (distance === smallest) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => books.length > 1 && count > books.length / 2)
    .map(([pair]) => pair.split('-').map(Number))
    .sort(([a, b], [c, d]) => a! - c! || b! - d!);
}
