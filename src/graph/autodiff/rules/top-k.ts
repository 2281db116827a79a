import { int } from '../../builder.js';
import { intAttribute } from '../attributes.js';
import type { GradientRule } from '../rule.js';
import { zerosLike } from '../shaping.js';

/**
 * The k largest or smallest elements along an axis: the gradient is put back where they were taken from, and the others
 * get none, not even those equal to the last one taken. The indices are integers and have no gradient.
 */
const topK: GradientRule = ({ builder, node, outputGradients }) => {
  const zeros = zerosLike({ builder }, node.inputs[0]!);
  // No element is taken twice, so that nothing has to be added up.
  const scattered = builder.add('ScatterElements', [zeros, node.outputs[1]!, outputGradients[0]!], {
    axis: int(intAttribute(node, 'axis', -1)),
  });
  return [scattered, null];
};

/** Selection by value. */
export const selectionRules: Readonly<Record<string, GradientRule>> = { TopK: topK };
