import { floatAttribute, intAttribute } from '../../../graph/autodiff/attributes.js';
import { broadcast } from '../../../models/tfjs/align.js';
import { elementCount, floatTensor, type FloatTensor } from '../../../tensor/tensor.js';
import { mappedTerm, scalarTerm, sizesOf, type Term } from '../affine.js';
import type { LayerValue } from '../layer-value.js';
import type { Lowering, Step } from '../step.js';
import { clipped } from './activation.js';

const isSame = (a: LayerValue, b: LayerValue): boolean =>
  a.order.join() === b.order.join() &&
  a.flattened?.order.join() === b.flattened?.order.join() &&
  a.flattened?.shape.join() === b.flattened?.shape.join();

/** The values in one order: that of the largest, so that the least is moved. */
export function alike(step: Step, values: readonly LayerValue[]): readonly LayerValue[] {
  const [first] = values as [LayerValue];
  if (values.some(({ shape }) => shape.length !== first.shape.length))
    return step.refuse('it combines values of different numbers of axes');
  if (values.every((value) => isSame(value, first))) return values;
  const sorted = values.map((value) => (value.flattened === undefined ? value : step.writer.natural(value)));
  const size = ({ shape }: LayerValue): number => elementCount(shape);
  const largest = sorted.reduce((most, value) => (size(value) > size(most) ? value : most));
  return sorted.map((value) => step.writer.ordered(value, largest.order));
}

/** Combines values element by element. */
function merged(step: Step, className: string, values: readonly LayerValue[]): LayerValue {
  if (values.length === 1) return values[0]!;
  const aligned = alike(step, values);
  const shape =
    broadcast(aligned.map((value) => value.shape)) ?? step.refuse('the shapes of its inputs do not fit');
  return { ...aligned[0]!, shape, layer: step.writer.add(className, aligned) };
}

const inputs = (step: Step): LayerValue[] => step.node.inputs.map((_, index) => step.value(index));

/** A constant that is no larger than the value it is combined with. */
function termOf(step: Step, index: number, value: LayerValue): Term {
  const term = step.floats(index)!;
  return sizesOf(term, value.shape) === undefined ? step.refuse('its constant enlarges the value') : term;
}

interface Arithmetic {
  /** Of values. */
  readonly merge: (step: Step) => LayerValue;
  /** Of a value and the constant behind it. */
  readonly after: (step: Step, x: LayerValue, constant: Term) => LayerValue;
  /** Of a constant and the value behind it. */
  readonly before: (step: Step, constant: Term, x: LayerValue) => LayerValue;
}

const arithmetic =
  ({ merge, after, before }: Arithmetic): Lowering =>
  (step) => {
    const isPair = step.count === 2;
    if (isPair && step.isConstant(0)) return before(step, termOf(step, 0, step.value(1)), step.value(1));
    if (isPair && step.isConstant(1)) return after(step, step.value(0), termOf(step, 1, step.value(0)));
    return merge(step);
  };

const [none, one, minus] = [scalarTerm(0), scalarTerm(1), scalarTerm(-1)];

const add: Arithmetic = {
  merge: (step) => merged(step, 'Add', inputs(step)),
  after: (step, x, constant) => step.affine(x, one, constant),
  before: (step, constant, x) => step.affine(x, one, constant),
};

/** There is no layer of differences in TensorFlow.js. */
const subtract: Arithmetic = {
  merge: (step) => merged(step, 'Add', [step.value(0), step.affine(step.value(1), minus, none)]),
  after: (step, x, constant) =>
    step.affine(
      x,
      one,
      mappedTerm(constant, (value) => -value),
    ),
  before: (step, constant, x) => step.affine(x, minus, constant),
};

const multiply: Arithmetic = {
  merge: (step) => merged(step, 'Multiply', inputs(step)),
  after: (step, x, constant) => step.affine(x, constant, none),
  before: (step, constant, x) => step.affine(x, constant, none),
};

const divide: Arithmetic = {
  merge: (step) => step.refuse('there is no layer that divides'),
  after: (step, x, constant) =>
    step.affine(
      x,
      mappedTerm(constant, (value) => 1 / value),
      none,
    ),
  before: (step) => step.refuse('there is no layer that divides'),
};

/** A maximum or minimum, against a single constant by bounds. */
function extremum(className: string, bounds: (value: number) => [low: number, high: number]): Arithmetic {
  const against = (step: Step, x: LayerValue, { data }: Term): LayerValue =>
    data.length === 1
      ? clipped(step, x, ...bounds(data[0]!))
      : step.refuse('its constant has more than one element');
  return {
    merge: (step) => merged(step, className, inputs(step)),
    after: against,
    before: (step, constant, x) => against(step, x, constant),
  };
}

const negative: Lowering = (step) => step.affine(step.value(), minus, none);

/** Takes the statistics of training, one number per channel. */
const batchNormalization: Lowering = (step) => {
  if (intAttribute(step.node, 'training_mode', 0) !== 0) return step.refuse('training_mode is set');
  const x = step.value();
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((index) => step.floats(index)!) as [
    FloatTensor,
    FloatTensor,
    FloatTensor,
    FloatTensor,
  ];
  const epsilon = floatAttribute(step.node, 'epsilon', 1e-5);
  const factor = Float64Array.from(scale.data, (value, i) => value / Math.sqrt(variance.data[i]! + epsilon));
  const offset = factor.map((value, i) => shift.data[i]! - mean.data[i]! * value);
  const dims = [factor.length, ...x.shape.slice(1).map(() => 1)];
  return step.affine(x, { data: factor, dims }, { data: offset, dims });
};

/** Mean and variance of the example itself, along its last axis. */
const layerNormalization: Lowering = (step) => {
  const x = step.writer.natural(step.value());
  const rank = x.shape.length + 1;
  const axis = intAttribute(step.node, 'axis', -1);
  if ((axis < 0 ? axis + rank : axis) !== rank - 1) step.refuse('it normalises along several axes');
  const count = [x.shape.at(-1)!];
  const filled = (value: number) => floatTensor(new Float32Array(count[0]!).fill(value), count);
  const beta = step.floats(2) ?? filled(0);
  const epsilon = floatAttribute(step.node, 'epsilon', 1e-5);
  const weights = { gamma: step.floats(1) ?? filled(1), beta };
  return step.writer.map(x, 'LayerNormalization', { axis: [rank - 1], epsilon }, weights);
};

export const arithmeticLowerings: Readonly<Record<string, Lowering>> = {
  Add: arithmetic(add),
  BatchNormalization: batchNormalization,
  Div: arithmetic(divide),
  LayerNormalization: layerNormalization,
  Max: arithmetic(extremum('Maximum', (value) => [value, Infinity])),
  Mean: (step) => merged(step, 'Average', inputs(step)),
  Min: arithmetic(extremum('Minimum', (value) => [-Infinity, value])),
  Mul: arithmetic(multiply),
  Neg: negative,
  Sub: arithmetic(subtract),
  Sum: (step) => merged(step, 'Add', inputs(step)),
};
