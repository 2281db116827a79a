import { forEachResample, percentileBounds, RESAMPLES, type Bounds } from '../resample.js';

/**
 * Area under the receiver operating characteristic, 0 to 1, with its 95 % interval; null where some resample had only one kind
 * of image.
 */
export interface Auroc {
  readonly value: number;
  readonly interval: Bounds | null;
}

/** Images in ascending order of a score. */
interface Ranking {
  readonly order: Uint32Array;
  /** Ends (exclusive) of the runs of equal scores in `order`. */
  readonly ends: readonly number[];
}

/**
 * The probability that a score is larger for an image to be detected than for another one, ties counting one half (Hanley and
 * McNeil 1982); null where there are none of either.
 * @param scores one per image; infinite ones are allowed, NaN is not
 * @param detected 1 for images to be detected, 0 for others
 */
export function aurocOf(scores: ArrayLike<number>, detected: Uint8Array): number | null {
  return areaOf(rankingOf(scores), detected, null);
}

/**
 * The same of several scores of the same images, each with a 95 % percentile interval of the bootstrap over images. All see the
 * same resamples.
 * @param resamples 2,000 of 10,000 images take about 0.2 s per score
 * @returns null for all where there are no images of one kind
 */
export function aurocsOf(
  scores: readonly ArrayLike<number>[],
  detected: Uint8Array,
  resamples = RESAMPLES,
): (Auroc | null)[] {
  const rankings = scores.map(rankingOf);
  const drawn = scores.map(() => new Float64Array(resamples));
  const values = rankings.map((ranking) => areaOf(ranking, detected, null));
  if (values.includes(null)) return values.map(() => null);
  forEachResample(detected.length, resamples, (weights, resample) => {
    for (const [i, ranking] of rankings.entries())
      drawn[i]![resample] = areaOf(ranking, detected, weights) ?? NaN;
  });
  return values.map((value, i) => ({ value: value!, interval: percentileBounds(drawn[i]!) }));
}

function rankingOf(scores: ArrayLike<number>): Ranking {
  const order = Uint32Array.from(scores, (_score, i) => i).sort((a, b) => {
    // Not a difference: that of two infinite scores is NaN.
    if (scores[a]! === scores[b]!) return 0;
    return scores[a]! < scores[b]! ? -1 : 1;
  });
  const ends: number[] = [];
  for (let at = 1; at <= order.length; at++) {
    if (at === order.length || scores[order[at]!] !== scores[order[at - 1]!]) ends.push(at);
  }
  return { order, ends };
}

/** @param weights how often each image counts; null: once */
function areaOf({ order, ends }: Ranking, detected: Uint8Array, weights: Uint16Array | null): number | null {
  let [area, hits, others, at] = [0, 0, 0, 0];
  for (const end of ends) {
    let [tiedHits, tiedOthers] = [0, 0];
    for (; at < end; at++) {
      const image = order[at]!;
      const weight = weights === null ? 1 : weights[image]!;
      if (detected[image] === 1) tiedHits += weight;
      else tiedOthers += weight;
    }
    area += tiedHits * (others + tiedOthers / 2);
    hits += tiedHits;
    others += tiedOthers;
  }
  return hits === 0 || others === 0 ? null : area / (hits * others);
}
