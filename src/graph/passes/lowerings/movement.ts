import { intOf, type OpsetRule } from '../opset-rule.js';
import { never, withDefaults } from './defaults.js';

const scatter: OpsetRule = (node) => {
  const reduction = node.attributes['reduction'];
  return reduction?.type === 'string' && ['max', 'min'].includes(reduction.value) ? undefined : [node];
};

/** How to write in 17 an operator of a later set that moves elements. */
export const movementLowerings: Readonly<Record<string, OpsetRule>> = {
  Resize: withDefaults({
    antialias: (node) => intOf(node, 'antialias', 0) === 0,
    keep_aspect_ratio_policy: ({ attributes }) =>
      attributes['keep_aspect_ratio_policy']?.type === 'string' &&
      attributes['keep_aspect_ratio_policy'].value === 'stretch',
    axes: never,
  }),
  // An equal split needs the dimension to be a multiple, which 17 insists on and 18 does not.
  Split: withDefaults({ num_outputs: never }),
  Pad: (node) => {
    const mode = node.attributes['mode'];
    const wraps = mode?.type === 'string' && mode.value === 'wrap';
    return wraps || (node.inputs[3] ?? '') !== '' ? undefined : [node];
  },
  ScatterElements: scatter,
  ScatterND: scatter,
};
