import type { Operator } from '../call.js';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import { indexing } from './indexing.js';
import { linear } from './linear.js';
import { normalization } from './normalization.js';
import { pooling } from './pooling.js';
import { reductions } from './reduction.js';
import { resizing } from './resizing.js';
import { shaping } from './shaping.js';

/** Every operator of the standard domain that this engine runs, by name, as operator set 17 has it. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...convolution,
    ...elementwise,
    ...indexing,
    ...linear,
    ...normalization,
    ...pooling,
    ...reductions,
    ...resizing,
    ...shaping,
  }),
);
