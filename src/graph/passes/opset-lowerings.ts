import { activationLowerings } from './lowerings/activation.js';
import { attentionLowerings } from './lowerings/attention.js';
import { conversionLowerings } from './lowerings/conversion.js';
import { movementLowerings } from './lowerings/movement.js';
import { normalizationLowerings } from './lowerings/normalization.js';
import { paddingLowerings } from './lowerings/padding.js';
import { poolingLowerings } from './lowerings/pooling.js';
import { reductionLowerings } from './lowerings/reduction.js';
import { resizingLowerings } from './lowerings/resizing.js';
import type { OpsetRule } from './opset-rule.js';

/** Operators that came, or changed their meaning, after operator set 17 (onnx/docs/Changelog.md). */
export const LATER_OPERATORS: ReadonlySet<string> = new Set([
  ...['BitwiseAnd', 'BitwiseNot', 'BitwiseOr', 'BitwiseXor', 'Col2Im'],
  ...['DeformConv', 'AffineGrid', 'DFT', 'GridSample', 'ImageDecoder'],
  ...['RegexFullMatch', 'StringConcat', 'StringSplit'],
  ...['TensorScatter', 'CumProd', 'BitCast'],
]);

/** How to write an operator of a later set in 17; each family has its file. */
export const LOWERINGS: Readonly<Record<string, OpsetRule>> = {
  ...activationLowerings,
  ...attentionLowerings,
  ...conversionLowerings,
  ...movementLowerings,
  ...normalizationLowerings,
  ...paddingLowerings,
  ...poolingLowerings,
  ...reductionLowerings,
  ...resizingLowerings,
};
