import { intOf, type OpsetRule } from '../opset-rule.js';
import { always, never, withDefaults } from './defaults.js';

const quantization = withDefaults({
  saturate: always,
  block_size: (node) => intOf(node, 'block_size', 0) === 0,
  output_dtype: never,
  precision: never,
});

/** How to write a change of type of a later operator set in 17. */
export const conversionLowerings: Readonly<Record<string, OpsetRule>> = {
  Cast: withDefaults({ saturate: always, round_mode: never }),
  QuantizeLinear: quantization,
  DequantizeLinear: quantization,
};
