import type { OperatorArbitraries } from './arbitrary.js';
import { activationArbitraries } from './activation.js';
import { arithmeticArbitraries } from './arithmetic.js';
import { linearArbitraries } from './linear.js';
import { movementArbitraries } from './movement.js';
import { normalizationArbitraries } from './normalization.js';
import { reductionArbitraries } from './reduction.js';
import { softmaxArbitraries } from './softmax.js';
import { windowArbitraries } from './window.js';

/** Random functions of every operator, by its ONNX name. */
export const arbitraries: OperatorArbitraries = {
  ...activationArbitraries,
  ...arithmeticArbitraries,
  ...linearArbitraries,
  ...movementArbitraries,
  ...normalizationArbitraries,
  ...reductionArbitraries,
  ...softmaxArbitraries,
  ...windowArbitraries,
};
