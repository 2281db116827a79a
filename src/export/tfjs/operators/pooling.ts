import { intAttribute, intsAttribute } from '../../../graph/autodiff/attributes.js';
import type { Window } from '../../../graph/autodiff/window.js';
import { scalarTerm, type Term } from '../affine.js';
import { withLast, type LayerValue } from '../layer-value.js';
import { IMAGE_ORDER, imageOf, marginsOf, paddingOf, withZeros, type Margins } from '../padding.js';
import type { Lowering, Step } from '../step.js';

function placed(step: Step): { window: Window; margins: Margins; padding: ReturnType<typeof paddingOf> } {
  const window = step.window(intsAttribute(step.node, 'kernel_shape') ?? []);
  if (window.dilations.some((dilation) => dilation !== 1)) step.refuse('it is dilated');
  const margins = marginsOf(step, window);
  return { window, margins, padding: paddingOf(window, margins) };
}

function pool(
  step: Step,
  className: string,
  image: LayerValue,
  { kernel, strides }: Window,
  padding: string,
): LayerValue {
  const config = { pool_size: kernel, strides, padding, data_format: 'channels_last' };
  return { layer: step.writer.add(className, [image], config), shape: step.shape, order: IMAGE_ORDER };
}

/** Padding is left out of maxima; zeros may stand for it where nothing is below them. */
const maxPool: Lowering = (step) => {
  const { window, margins, padding } = placed(step);
  const image = imageOf(step);
  if (padding !== undefined) return pool(step, 'MaxPooling2D', image, window, padding);
  if (!step.isNonNegative(0))
    step.refuse('its padding is not that of TensorFlow, and what it pads may be negative');
  return pool(step, 'MaxPooling2D', withZeros(step, image, margins), window, 'valid');
};

/** Means of windows without their padding are those with it, enlarged at the borders. */
const averagePool: Lowering = (step) => {
  const { window, margins, padding } = placed(step);
  const image = imageOf(step);
  const counted = intAttribute(step.node, 'count_include_pad', 0) !== 0;
  if (intAttribute(step.node, 'ceil_mode', 0) !== 0 && padding !== 'valid') step.refuse('ceil_mode is set');
  if (padding === 'valid' || (padding === 'same' && !counted))
    return pool(step, 'AveragePooling2D', image, window, padding);
  const pooled = pool(step, 'AveragePooling2D', withZeros(step, image, margins), window, 'valid');
  return counted ? pooled : step.affine(pooled, enlargement(window), scalarTerm(0));
};

/** Size of the window over the part of it that lies on the image, [1, height, width]. */
function enlargement({ kernel, strides, begin, input, output }: Window): Term {
  const inside = (axis: number, place: number): number => {
    const start = place * strides[axis]! - begin[axis]!;
    return Math.min(start + kernel[axis]!, input[axis]!) - Math.max(start, 0);
  };
  const [height, width] = output as [number, number];
  const area = kernel[0]! * kernel[1]!;
  return {
    data: Float64Array.from(
      { length: height * width },
      (_, i) => area / (inside(0, Math.floor(i / width)) * inside(1, i % width)),
    ),
    dims: [1, height, width],
  };
}

/** Mean or maximum over axes of an example: the two of an image, or the one of a sequence. */
function overAxes(step: Step, kind: 'Average' | 'Max', axes: readonly number[]): LayerValue {
  const value = step.value();
  const rank = value.shape.length;
  const [kept, ...others] = [...value.shape.keys()].filter((axis) => !axes.includes(axis));
  if (kept === undefined || others.length > 0 || rank > 3 || rank < 2)
    return step.refuse(`it reduces axes ${axes.map((axis) => axis + 1).join(', ')} of ${rank + 1}`);
  const moved = step.writer.ordered(value, withLast(value.order, kept));
  const settings = rank === 3 ? { data_format: 'channels_last' } : {};
  const layer = step.writer.add(`Global${kind}Pooling${rank - 1}D`, [moved], settings);
  return step.writer.reshaped({ layer, shape: [value.shape[kept]!], order: [0] }, step.shape);
}

const globally =
  (kind: 'Average' | 'Max'): Lowering =>
  (step) =>
    overAxes(step, kind, [1, 2]);

/** Axes that a reduction works on, those of the example counted from 0. */
function reducedAxes(step: Step): readonly number[] {
  const rank = step.value().shape.length + 1;
  const given = intsAttribute(step.node, 'axes') ?? step.integers(1);
  return (given ?? []).map((axis) => (axis < 0 ? axis + rank : axis) - 1);
}

const reduced =
  (kind: 'Average' | 'Max'): Lowering =>
  (step) =>
    overAxes(step, kind, reducedAxes(step));

const summed: Lowering = (step) => {
  const axes = reducedAxes(step);
  const { shape } = step.value();
  const count = axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  return step.affine(overAxes(step, 'Average', axes), scalarTerm(count), scalarTerm(0));
};

export const poolingLowerings: Readonly<Record<string, Lowering>> = {
  AveragePool: averagePool,
  GlobalAveragePool: globally('Average'),
  GlobalMaxPool: globally('Max'),
  MaxPool: maxPool,
  ReduceMax: reduced('Max'),
  ReduceMean: reduced('Average'),
  ReduceSum: summed,
};
