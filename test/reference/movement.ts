import { gatherings } from './gathering.js';
import { generators } from './generating.js';
import { joinings } from './joining.js';
import { reshapings } from './reshaping.js';
import { resizings } from './resizing.js';
import { slicings } from './slicing.js';
import type { Operator } from './tensor.js';

/** Operators that move elements without computing with them, or interpolate between them. */
export const movements: Readonly<Record<string, Operator>> = {
  ...gatherings,
  ...generators,
  ...joinings,
  ...reshapings,
  ...resizings,
  ...slicings,
};
