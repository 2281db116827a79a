import { memoize } from './memoize.js';

/**
 * What a line of pixels a b c d is taken to go on with beyond its ends:
 * `nearest` a a | a b c d | d d, `reflect` b a | a b c d | d c, `mirror` c b | a b c d | c b (reflect_101 in OpenCV),
 * `zero` 0 0 | a b c d | 0 0.
 */
export type Edge = 'nearest' | 'reflect' | 'mirror' | 'zero';

const SOURCES: Readonly<Record<Edge, (index: number, length: number) => number>> = {
  nearest: (index, length) => Math.min(Math.max(index, 0), length - 1),
  reflect: (index, length) => {
    const place = modulo(index, 2 * length);
    return Math.min(place, 2 * length - 1 - place);
  },
  mirror: (index, length) => {
    const place = modulo(index, Math.max(2 * length - 2, 1));
    return Math.min(place, 2 * length - 2 - place);
  },
  zero: (index, length) => (index >= 0 && index < length ? index : -1),
};

/**
 * Where each place of a line lengthened by `margin` at both ends takes its value from: indices into the line of `length`
 * pixels, -1 where there is none (zero). Works for any margin, longer than the line too.
 */
export const edgeSources = memoize((length: number, margin: number, edge: Edge): Int32Array =>
  Int32Array.from({ length: length + 2 * margin }, (_, place) => SOURCES[edge](place - margin, length)),
);

const modulo = (value: number, period: number): number => ((value % period) + period) % period;
