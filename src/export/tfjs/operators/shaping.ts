import { intAttribute, intsAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import { dataTypes } from '../../../graph/onnx/data-type.js';
import type { LayerValue } from '../layer-value.js';
import { IMAGE_ORDER, imageOf } from '../padding.js';
import type { Lowering, Step } from '../step.js';
import { alike } from './arithmetic.js';

const reshape: Lowering = (step) => step.writer.reshaped(step.value(), step.shape);

/** Axes change their names and stay where they are. */
const transpose: Lowering = (step) => {
  const x = step.value();
  const rank = x.shape.length + 1;
  const [batch, ...others] = intsAttribute(step.node, 'perm') ?? [...Array(rank).keys()].reverse();
  if (batch !== 0) return step.refuse('it moves the batch');
  const axes = others.map((axis) => axis - 1);
  if (x.flattened !== undefined) return x;
  return { ...x, shape: step.shape, order: x.order.map((axis) => axes.indexOf(axis)) };
};

const concatenate: Lowering = (step) => {
  const values = step.node.inputs.map((_, index) => step.value(index));
  const sorted = values.map((value) => (value.flattened === undefined ? value : step.writer.natural(value)));
  const aligned = alike(step, sorted);
  const [first] = aligned as [LayerValue];
  const given = intAttribute(step.node, 'axis', 1);
  const axis = (given < 0 ? given + first.shape.length + 1 : given) - 1;
  const layer = step.writer.add('Concatenate', aligned, { axis: first.order.indexOf(axis) + 1 });
  return { layer, shape: step.shape, order: first.order };
};

/** Zeros around an image; TensorFlow.js pads the first two axes of three. */
const pad: Lowering = (step) => {
  const mode = stringAttribute(step.node, 'mode', 'constant');
  const fill = step.floats(2)?.data[0] ?? 0;
  if (mode !== 'constant' || fill !== 0) return step.refuse('layers pad with zeros alone');
  const amounts = step.integers(1) ?? [];
  const rank = step.value().shape.length + 1;
  const pairs = Array.from({ length: rank }, (_, axis) => [amounts[axis]!, amounts[axis + rank]!]);
  if (pairs.flat().some((amount) => amount < 0)) return step.refuse('its padding is negative');
  return alongTwo(step, pairs, 'ZeroPadding2D', 'padding');
};

/** An end that stands for all there is. */
const ALL = 2 ** 31 - 1;

/** What is left of an image when rows and columns are cut off. */
const slice: Lowering = (step) => {
  const { shape } = step.value();
  const [starts, ends] = [step.integers(1)!, step.integers(2)!];
  const axes = step.integers(3) ?? [...starts.keys()];
  const strides = step.integers(4) ?? [];
  if (strides.some((stride) => stride !== 1)) return step.refuse('its step is not 1');
  const pairs = [0, ...shape].map((): [number, number] => [0, 0]);
  axes.forEach((given, i) => {
    const axis = given < 0 ? given + shape.length + 1 : given;
    const size = axis === 0 ? Infinity : shape[axis - 1]!;
    const [start, end] = [starts[i]!, ends[i]!];
    if (axis === 0 && (start !== 0 || end < ALL)) step.refuse('it cuts the batch');
    const place = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    if (axis > 0) pairs[axis] = [place(start), size - place(end)];
  });
  return alongTwo(step, pairs, 'Cropping2D', 'cropping');
};

/** A layer that pads or crops the first two axes of three, on whichever axes the node does. */
function alongTwo(
  step: Step,
  [batch, ...pairs]: readonly (readonly number[])[],
  className: string,
  setting: string,
): LayerValue {
  const x = step.value();
  const isChanged = (pair: readonly number[] | undefined): boolean =>
    pair?.some((amount) => amount !== 0) ?? false;
  const changed = [...pairs.keys()].filter((axis) => isChanged(pairs[axis]));
  if (changed.length === 0) return x;
  if (isChanged(batch) || x.shape.length !== 3 || changed.length > 2)
    return step.refuse('layers do this to two axes of images alone');
  const first = x.order.slice(0, 2);
  const order = changed.every((axis) => first.includes(axis))
    ? x.order
    : [...changed, ...x.order.filter((axis) => !changed.includes(axis))];
  const moved = step.writer.ordered(x, order);
  const amounts = order.slice(0, 2).map((axis) => pairs[axis]!);
  const layer = step.writer.add(className, [moved], { [setting]: amounts, data_format: 'channels_last' });
  return { layer, shape: step.shape, order };
}

/** Images a whole number of times larger, read at the upper left corner. */
const resize: Lowering = (step) => {
  const { node } = step;
  const image = imageOf(step);
  const size = step.shape.slice(1).map((dim, axis) => dim / image.shape[axis + 1]!);
  const mode = stringAttribute(node, 'mode', 'nearest');
  const place = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  const rounding = stringAttribute(node, 'nearest_mode', 'round_prefer_floor');
  const isNearest = mode === 'nearest' && rounding === 'floor';
  if (step.shape[0] !== image.shape[0] || !size.every((factor) => Number.isInteger(factor)))
    step.refuse('it enlarges by no whole number');
  if (place !== 'asymmetric' || !(isNearest || mode === 'linear'))
    step.refuse(`it reads ${mode} at ${place}, layers at asymmetric places, rounded down`);
  const settings = { size, interpolation: isNearest ? 'nearest' : 'bilinear', data_format: 'channels_last' };
  return { layer: step.writer.add('UpSampling2D', [image], settings), shape: step.shape, order: IMAGE_ORDER };
};

const asIs: Lowering = (step) => step.value();

const FLOAT: number = dataTypes.float32.code;

const cast: Lowering = (step) =>
  intAttribute(step.node, 'to', 0) === FLOAT ? step.value() : step.refuse('layers compute in float32');

export const shapingLowerings: Readonly<Record<string, Lowering>> = {
  Cast: cast,
  Concat: concatenate,
  Flatten: reshape,
  Identity: asIs,
  Pad: pad,
  Reshape: reshape,
  Resize: resize,
  Slice: slice,
  Squeeze: reshape,
  Transpose: transpose,
  Unsqueeze: reshape,
};
