import type { TestFunction } from '../test-function.js';
import { activationCases } from './activation.js';
import { arithmeticCases } from './arithmetic.js';
import { convolutionCases } from './convolution.js';
import { linearCases } from './linear.js';
import { loweredCases } from './lowered.js';
import { movementCases } from './movement.js';
import { normalizationCases } from './normalization.js';
import { poolingCases } from './pooling.js';
import { reductionCases } from './reduction.js';
import { softmaxCases } from './softmax.js';

/** Every function on which gradient rules are checked; each rule must occur in at least one. */
export const cases: readonly TestFunction[] = [
  ...arithmeticCases,
  ...activationCases,
  ...linearCases,
  ...convolutionCases,
  ...normalizationCases,
  ...poolingCases,
  ...reductionCases,
  ...softmaxCases,
  ...loweredCases,
  ...movementCases,
];
