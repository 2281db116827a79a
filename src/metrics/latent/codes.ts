import type { LatentPoints } from './points.js';

/** Binary words, one per example: n x width, 0 or 1. */
export type Bits = Uint8Array;

/**
 * The words of latent vectors: a coordinate above its threshold is a 1.
 * @param thresholds one per coordinate: zeros for the signs, or the midpoints of a mixture (binarity.ts)
 */
export function binarise({ z, width }: LatentPoints, thresholds: ArrayLike<number>): Bits {
  const bits = new Uint8Array(z.length);
  for (let at = 0; at < z.length; at++) bits[at] = z[at]! > thresholds[at % width]! ? 1 : 0;
  return bits;
}

/** The most common word of a class. */
export interface CodeWord {
  readonly class: number;
  /** `width` digits, coordinate 0 first; of equally common words the first in lexical order. */
  readonly word: string;
  /** Examples of the class that have this word, and all of them. */
  readonly count: number;
  readonly n: number;
}

/** Words of the classes that have examples. */
export interface CodeBook {
  readonly words: readonly CodeWord[];
  /** Classes without an example, left out. */
  readonly empty: number;
  /** How many different words there are among `words`. */
  readonly distinct: number;
  /** Hamming distances between the words: bits in which they differ, in the order of `words`. */
  readonly distances: readonly (readonly number[])[];
  /** Smallest of them between two classes; null of fewer than two. */
  readonly minimumDistance: number | null;
}

/** @param owner class of each example, true or predicted */
export function codeBook(bits: Bits, width: number, owner: Int32Array, numClasses: number): CodeBook {
  const counts = Array.from({ length: numClasses }, () => new Map<string, number>());
  owner.forEach((one, i) => {
    const word = Buffer.from(bits.buffer, bits.byteOffset + i * width, width).toString('latin1');
    counts[one]!.set(word, (counts[one]!.get(word) ?? 0) + 1);
  });
  const words = counts.flatMap((ofClass, one): CodeWord[] => {
    const [first, ...others] = ofClass;
    if (first === undefined) return [];
    let [word, count] = first;
    let n = count;
    for (const [other, times] of others) {
      n += times;
      if (times > count || (times === count && other < word)) [word, count] = [other, times];
    }
    return [{ class: one, word: digitsOf(word), count, n }];
  });
  const distances = words.map(({ word: a }) => words.map(({ word: b }) => differing(a, b)));
  const between = distances.flatMap((row, i) => row.slice(i + 1));
  return {
    words,
    empty: numClasses - words.length,
    distinct: new Set(words.map(({ word }) => word)).size,
    distances,
    minimumDistance: between.length === 0 ? null : Math.min(...between),
  };
}

/** Fraction of the examples that have the word of their class; null of no examples. */
export function sameEncodingFraction({ words }: CodeBook): number | null {
  const [agreeing, n] = words.reduce(([a, b], { count, n: all }) => [a + count, b + all], [0, 0]);
  return n === 0 ? null : agreeing / n;
}

/** Per example, bits that differ from the nearest word of the book. @throws RangeError for an empty book */
export function hammingToBook(bits: Bits, width: number, { words }: CodeBook): Float64Array {
  if (words.length === 0) throw new RangeError('a code book without words has no nearest one');
  const codes = words.map(({ word }) => Uint8Array.from(word, Number));
  return Float64Array.from({ length: bits.length / width }, (_, i) => {
    let nearest = Infinity;
    for (const code of codes) {
      let different = 0;
      for (let j = 0; j < width; j++) different += bits[i * width + j]! ^ code[j]!;
      if (different < nearest) nearest = different;
    }
    return nearest;
  });
}

/** Bytes 0 and 1 as digits. */
const digitsOf = (bytes: string): string => Array.from(bytes, (byte) => byte.charCodeAt(0)).join('');

function differing(a: string, b: string): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count += 1;
  return count;
}
