import type { OperatorArbitraries } from './arbitrary.js';
import { indexingArbitraries } from './indexing.js';
import { joiningArbitraries } from './joining.js';
import { paddingArbitraries } from './padding.js';
import { reshapingArbitraries } from './reshaping.js';
import { resizingArbitraries } from './resizing.js';
import { scatteringArbitraries } from './scattering.js';
import { tilingArbitraries } from './tiling.js';

/** Operators that move elements without computing with them, or interpolate between them. */
export const movementArbitraries: OperatorArbitraries = {
  ...indexingArbitraries,
  ...joiningArbitraries,
  ...paddingArbitraries,
  ...reshapingArbitraries,
  ...resizingArbitraries,
  ...scatteringArbitraries,
  ...tilingArbitraries,
};
