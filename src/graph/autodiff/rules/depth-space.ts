import { int, ints } from '../../builder.js';
import { fixedDim } from '../blocked.js';
import { intAttribute, stringAttribute } from '../attributes.js';
import type { GradientRule } from '../rule.js';
import { reshape, reshapeLike } from '../shaping.js';

/**
 * Blocks of channels become blocks of pixels. SpaceToDepth undoes the order depth-column-row; for column-row-depth the
 * axes are taken apart and put back by hand.
 */
const depthToSpace: GradientRule = (context) => {
  const { builder, node, dims } = context;
  const block = intAttribute(node, 'blocksize', 1);
  const gradient = context.outputGradients[0]!;
  if (stringAttribute(node, 'mode', 'DCR') === 'DCR')
    return [builder.add('SpaceToDepth', [gradient], { blocksize: int(block) })];
  const [batch, , height, width] = dims(node.inputs[0]!);
  const channels = fixedDim(context, dims(node.outputs[0]!)[1], 'number of channels');
  const apart = reshape(context, gradient, [batch!, channels, height!, block, width!, block]);
  const moved = builder.add('Transpose', [apart], { perm: ints([0, 1, 3, 5, 2, 4]) });
  return [reshapeLike(context, moved, node.inputs[0]!)];
};

const spaceToDepth: GradientRule = ({ builder, node, outputGradients }) => [
  builder.add('DepthToSpace', [outputGradients[0]!], { blocksize: int(intAttribute(node, 'blocksize', 1)) }),
];

/** Operators that move elements between channels and pixels. */
export const depthSpaceRules: Readonly<Record<string, GradientRule>> = {
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
