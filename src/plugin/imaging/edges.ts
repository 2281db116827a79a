import { memoize } from './memoize.js';

/**
 * What a line of pixels a b c d is taken to go on with beyond its ends:
 * `nearest` a a | a b c d | d d, `reflect` b a | a b c d | d c, `mirror` c b | a b c d | c b (reflect_101 in OpenCV),
 * `zero` 0 0 | a b c d | 0 0.
 */
export type Edge = 'nearest' | 'reflect' | 'mirror' | 'zero';

/** Which of a line's `length` pixels stands at a whole place on or beyond it; -1 where there is none (zero). */
export const edgeIndex: Readonly<Record<Edge, (place: number, length: number) => number>> = {
  nearest: (place, length) => Math.min(Math.max(place, 0), length - 1),
  reflect: (place, length) => {
    const within = modulo(place, 2 * length);
    return Math.min(within, 2 * length - 1 - within);
  },
  mirror: (place, length) => {
    const within = modulo(place, Math.max(2 * length - 2, 1));
    return Math.min(within, 2 * length - 2 - within);
  },
  zero: (place, length) => (place >= 0 && place < length ? place : -1),
};

/**
 * Which pixel stands at each place of a line lengthened by `margin` at both ends, as `edgeIndex` has it. Any margin will do,
 * longer than the line too.
 */
export const edgeSources = memoize((length: number, margin: number, edge: Edge): Int32Array =>
  Int32Array.from({ length: length + 2 * margin }, (_, i) => edgeIndex[edge](i - margin, length)),
);

const modulo = (value: number, period: number): number => ((value % period) + period) % period;
