import type { TestFunction } from '../test-function.js';
import { indexingCases } from './indexing.js';
import { joiningCases } from './joining.js';
import { paddingCases } from './padding.js';
import { reshapingCases } from './reshaping.js';
import { resizingCases } from './resizing.js';
import { scatteringCases } from './scattering.js';
import { tilingCases } from './tiling.js';

/** Operators that move elements without computing with them, or interpolate between them. */
export const movementCases: readonly TestFunction[] = [
  ...reshapingCases,
  ...joiningCases,
  ...tilingCases,
  ...indexingCases,
  ...scatteringCases,
  ...paddingCases,
  ...resizingCases,
];
