import type { Node } from '../../src/graph/ir.js';
import { at, numberOf, required, sizeOf, tensorFrom, indexOf, textOf, type Operator } from './tensor.js';

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
  if (axis.scale === 1) return [[position, 1]];
  const transformation = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  const x = COORDINATES[transformation]!(position, axis);
  const mode = textOf(node, 'mode', 'nearest');
  if (mode === 'cubic') return cubicTaps(x, axis.input, node);
  if (mode === 'linear') return linearTaps(x, axis.input);
  return [[NEAREST[textOf(node, 'nearest_mode', 'round_prefer_floor')]!(x), 1]];
}

/** The spec's definition: each axis is interpolated by itself, and the weights of a point are the products. */
const resize: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const [scales, sizes] = [inputs[2]?.data, inputs[3]?.data];
  const axes = input.dims.map((dim, i): ResizedAxis => {
    if (sizes !== undefined) return { input: dim, output: sizes[i]!, scale: sizes[i]! / dim };
    return { input: dim, output: Math.floor(dim * scales![i]!), scale: scales![i]! };
  });
  const taps = axes.map((axis) =>
    Array.from({ length: axis.output }, (_, position) => tapsOf(node, axis, position)),
  );
  const clamp = (position: number, size: number): number => Math.min(Math.max(position, 0), size - 1);
  const valueAt = (index: number[]): number => {
    const chosen = index.map((position, axis) => taps[axis]![position]!);
    const counts = chosen.map((list) => list.length);
    let sum = 0;
    for (let i = 0; i < sizeOf(counts); i++) {
      const picked = indexOf(i, counts).map((tap, axis) => chosen[axis]![tap]!);
      const weight = picked.reduce((product, [, factor]) => product * factor, 1);
      sum +=
        weight *
        at(
          input,
          picked.map(([position], axis) => clamp(position, input.dims[axis]!)),
        );
    }
    return sum;
  };
  return [
    tensorFrom(
      axes.map(({ output }) => output),
      valueAt,
    ),
  ];
};

/** Operators that interpolate between elements. */
export const resizings: Readonly<Record<string, Operator>> = { Resize: resize };
