import type { Lowering } from '../step.js';
import { activationLowerings } from './activation.js';
import { arithmeticLowerings } from './arithmetic.js';
import { convolutionLowerings } from './convolution.js';
import { linearLowerings } from './linear.js';
import { poolingLowerings } from './pooling.js';
import { shapingLowerings } from './shaping.js';

/** Operators by family, for the documentation. */
export const operatorFamilies: Readonly<Record<string, Readonly<Record<string, Lowering>>>> = {
  'matrix products': linearLowerings,
  convolutions: convolutionLowerings,
  'pooling and reductions': poolingLowerings,
  'arithmetic and normalization': arithmeticLowerings,
  activations: activationLowerings,
  'shapes, padding, resizing': shapingLowerings,
};

/** How to write each operator of operator set 17 as layers. */
export const operatorLowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.values(operatorFamilies).flatMap((family) => Object.entries(family)),
);
