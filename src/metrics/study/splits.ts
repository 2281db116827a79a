import { keyedStream } from '../../random/keyed.js';

/** Splits that are all visited; with more, random ones are drawn. Ten against ten are 184,756. */
export const ALL_SPLITS = 200_000;

/** Splits drawn at random where there are too many; the one that was observed comes on top. */
export const DRAWN_SPLITS = 99_999;

/** How the splits of a pooled sample were visited. */
export interface Splits {
  readonly count: number;
  /** Whether they are all there are. */
  readonly exact: boolean;
}

/** Number of ways to choose k of n, in float64: exact as long as it is a safe integer. */
export function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - Math.min(k, n - k) + i)) / i;
  return Math.round(ways);
}

/**
 * Visits the ways to split a pooled sample of `size` into a first part of `first` and the rest: all of them, or, of more than
 * 200,000, the observed one (the first `first` places) and 99,999 drawn at random with a fixed seed.
 * @param visit takes the places of the first part, valid until it returns
 */
export function forEachSplit(size: number, first: number, visit: (places: Uint32Array) => void): Splits {
  const all = choose(size, first);
  const places = Uint32Array.from({ length: first }, (_, i) => i);
  if (all > ALL_SPLITS) {
    visit(places);
    drawSplits(size, first, visit);
    return { count: DRAWN_SPLITS + 1, exact: false };
  }
  for (;;) {
    visit(places);
    // The next combination in lexical order.
    let at = first - 1;
    while (at >= 0 && places[at] === size - first + at) at--;
    if (at < 0) return { count: all, exact: true };
    places[at]! += 1;
    for (let i = at + 1; i < first; i++) places[i] = places[i - 1]! + 1;
  }
}

function drawSplits(size: number, first: number, visit: (places: Uint32Array) => void): void {
  const random = keyedStream(0, size, 'study/splits', first);
  const pool = Uint32Array.from({ length: size }, (_, i) => i);
  for (let draw = 0; draw < DRAWN_SPLITS; draw++) {
    for (let i = 0; i < first; i++) {
      const other = i + random.integer(size - i);
      [pool[i], pool[other]] = [pool[other]!, pool[i]!];
    }
    visit(pool.subarray(0, first));
  }
}
