import type { Node } from '../../src/graph/ir.js';
import { numberOf, required, sizeOf, textOf, type Operator, type RefTensor } from './tensor.js';

/** One axis of a Resize. */
interface ResizedAxis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** Where a resized position lies on the original axis. */
const COORDINATES: Readonly<Record<string, (x: number, axis: ResizedAxis) => number>> = {
  half_pixel: (x, { scale }) => (x + 0.5) / scale - 0.5,
  pytorch_half_pixel: (x, { scale, output }) => (output > 1 ? (x + 0.5) / scale - 0.5 : 0),
  align_corners: (x, { input, output }) => (output === 1 ? 0 : (x * (input - 1)) / (output - 1)),
  asymmetric: (x, { scale }) => x / scale,
  tf_half_pixel_for_nn: (x, { scale }) => (x + 0.5) / scale,
  half_pixel_symmetric: (x, { scale, input, output }) => {
    const adjustment = output / (scale * input);
    const center = input / 2;
    return center * (1 - adjustment) + (x + 0.5) / scale - 0.5;
  },
};

const NEAREST: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** An original position and its weight; positions outside stand for the nearest one inside. */
type Tap = readonly [position: number, weight: number];

/** Keys' cubic convolution kernel. */
function cubicWeight(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

function cubicTaps(x: number, size: number, node: Node): Tap[] {
  const a = numberOf(node, 'cubic_coeff_a', -0.75);
  const first = Math.floor(x) - 1;
  const taps = [0, 1, 2, 3].map((i): Tap => [first + i, cubicWeight(x - first - i, a)]);
  if (numberOf(node, 'exclude_outside', 0) === 0) return taps;
  const inside = taps.filter(([position]) => position >= 0 && position < size);
  const total = inside.reduce((sum, [, weight]) => sum + weight, 0);
  return inside.map(([position, weight]) => [position, weight / total]);
}

function linearTaps(x: number, size: number): Tap[] {
  // Beyond the ends, the end's value.
  const inside = Math.min(Math.max(x, 0), size - 1);
  const left = Math.floor(inside);
  return [
    [left, 1 - (inside - left)],
    [left + 1, inside - left],
  ];
}

function tapsOf(node: Node, axis: ResizedAxis, position: number): Tap[] {
  const transformation = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  const x = COORDINATES[transformation]!(position, axis);
  const mode = textOf(node, 'mode', 'nearest');
  if (mode === 'cubic') return cubicTaps(x, axis.input, node);
  if (mode === 'linear') return linearTaps(x, axis.input);
  return [[NEAREST[textOf(node, 'nearest_mode', 'round_prefer_floor')]!(x), 1]];
}

/** Replaces every line along one axis by its interpolated one. */
function interpolate(input: RefTensor, axis: number, lines: readonly (readonly Tap[])[]): RefTensor {
  const size = input.dims[axis]!;
  const step = sizeOf(input.dims.slice(axis + 1));
  const dims = input.dims.with(axis, lines.length);
  const data = new Float64Array(sizeOf(dims));
  for (let i = 0; i < data.length; i++) {
    const before = Math.floor(i / (step * lines.length));
    for (const [position, weight] of lines[Math.floor(i / step) % lines.length]!) {
      const inside = position < 0 ? 0 : position >= size ? size - 1 : position;
      data[i]! += weight * input.data[(before * size + inside) * step + (i % step)]!;
    }
  }
  return { dims, data };
}

/** Each axis is interpolated by itself: the weights of a point are products over the axes. */
const resize: Operator = (inputs, node) => {
  const [scales, sizes] = [inputs[2]?.data, inputs[3]?.data];
  const axisOf = (size: number, i: number): ResizedAxis =>
    sizes === undefined
      ? { input: size, output: Math.floor(size * scales![i]!), scale: scales![i]! }
      : { input: size, output: sizes[i]!, scale: sizes[i]! / size };
  const input = required(inputs, 0);
  const axes = input.dims.map(axisOf);
  const linesOf = (axis: ResizedAxis): Tap[][] =>
    Array.from({ length: axis.output }, (_, position) => tapsOf(node, axis, position));
  return [
    axes.reduce((value, axis, i) => (axis.scale === 1 ? value : interpolate(value, i, linesOf(axis))), input),
  ];
};

/** Operators that interpolate between elements. */
export const resizings: Readonly<Record<string, Operator>> = { Resize: resize };
