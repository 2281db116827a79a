import type { Lowering } from '../step.js';
import { activationLowerings } from './activation.js';
import { arithmeticLowerings } from './arithmetic.js';
import { convolutionLowerings } from './convolution.js';
import { linearLowerings } from './linear.js';
import { poolingLowerings } from './pooling.js';
import { shapingLowerings } from './shaping.js';

/** How to write each operator of operator set 17 as layers. */
export const operatorLowerings: ReadonlyMap<string, Lowering> = new Map(
  [
    linearLowerings,
    convolutionLowerings,
    poolingLowerings,
    arithmeticLowerings,
    activationLowerings,
    shapingLowerings,
  ].flatMap((family) => Object.entries(family)),
);
