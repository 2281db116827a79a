import { floatTensor } from '../../../tensor/tensor.js';
import { intOf, intsOf, without, type OpsetRule } from '../opset-rule.js';
import { positiveAxes, rankOf, withValuesAt } from './axes.js';
import { emitterWith } from './emitter.js';

/**
 * Set 18 can name the axes that its scales or sizes are for: the others get a scale of 1, or the size they have. Neither
 * antialiasing nor sizes that keep the proportions can be written in 17, nor can a crop of some axes.
 */
const resize: OpsetRule = (node, { builder }) => {
  const text = (name: string): string | undefined => {
    const attribute = node.attributes[name];
    return attribute?.type === 'string' ? attribute.value : undefined;
  };
  if (intOf(node, 'antialias', 0) !== 0) return undefined;
  if ((text('keep_aspect_ratio_policy') ?? 'stretch') !== 'stretch') return undefined;
  const axes = intsOf(node, 'axes');
  const attributes = without(node.attributes, 'antialias', 'keep_aspect_ratio_policy', 'axes');
  if (axes === undefined) return [{ ...node, attributes }];
  if (text('coordinate_transformation_mode') === 'tf_crop_and_resize') return undefined;

  const emitter = emitterWith(builder);
  const { emit } = emitter;
  const [input, , scales = '', sizes = ''] = node.inputs as [string, string?, string?, string?];
  const places = positiveAxes(emitter, input, builder.ints(axes));
  const kept = (): string =>
    emit('ConstantOfShape', [rankOf(emit, input)], {
      value: { type: 'tensor', value: floatTensor(Float32Array.of(1), [1]) },
    });
  const inputs =
    sizes === ''
      ? [input, '', withValuesAt(emitter, kept(), places, scales)]
      : [input, '', '', withValuesAt(emitter, emit('Shape', [input]), places, sizes)];
  return [...emitter.nodes, { ...node, inputs, attributes }];
};

/** How to write interpolation of a later operator set in 17. */
export const resizingLowerings: Readonly<Record<string, OpsetRule>> = { Resize: resize };
