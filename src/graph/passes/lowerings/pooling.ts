import type { OpsetRule } from '../opset-rule.js';
import { withDefaults } from './defaults.js';

/** How to write a pooling of a later operator set in 17. */
export const poolingLowerings: Readonly<Record<string, OpsetRule>> = {
  AveragePool: withDefaults({
    dilations: ({ attributes }) =>
      attributes['dilations']?.type === 'ints' && attributes['dilations'].value.every((value) => value === 1),
  }),
};
