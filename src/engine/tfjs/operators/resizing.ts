import { floatAttribute, intAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import type { Node } from '../../../graph/ir.js';
import { numbersAt, swapped, tensorAt, unsupported, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';

/** An axis that changes its length. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** Where an output element lies among those of the input (ONNX, Resize, coordinate_transformation_mode). */
const COORDINATES: Readonly<Record<string, (at: number, axis: Axis) => number>> = {
  align_corners: (at, { from, to }) => (to === 1 ? 0 : (at * (from - 1)) / (to - 1)),
  asymmetric: (at, { scale }) => at / scale,
  half_pixel: (at, { scale }) => (at + 0.5) / scale - 0.5,
  half_pixel_symmetric: (at, { from, to, scale }) =>
    (from / 2) * (1 - to / (scale * from)) + (at + 0.5) / scale - 0.5,
  tf_half_pixel_for_nn: (at, { scale }) => (at + 0.5) / scale,
  pytorch_half_pixel: (at, { to, scale }) => (to > 1 ? (at + 0.5) / scale - 0.5 : 0),
};

const ROUNDINGS: Readonly<Record<string, (x: number) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
};

/** Weights of the input elements around a coordinate, by index, which may lie outside of the axis. */
type Kernel = (x: number) => readonly (readonly [index: number, weight: number])[];

const linear: Kernel = (x) => {
  const left = Math.floor(x);
  return [
    [left, left + 1 - x],
    [left + 1, x - left],
  ];
};

/** Keys, "Cubic convolution interpolation for digital image processing", 1981, with its parameter a. */
const cubic =
  (a: number): Kernel =>
  (x) => {
    const left = Math.floor(x);
    return [-1, 0, 1, 2].map((offset) => {
      const d = Math.abs(x - left - offset);
      const weight = d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
      return [left + offset, weight];
    });
  };

function kernelOf(node: Node): Kernel {
  const mode = stringAttribute(node, 'mode', 'nearest');
  if (mode === 'linear') return linear;
  if (mode === 'cubic') return cubic(floatAttribute(node, 'cubic_coeff_a', -0.75));
  const rounding = ROUNDINGS[stringAttribute(node, 'nearest_mode', 'round_prefer_floor')]!;
  return (x) => [[rounding(x), 1]];
}

/** The matrix, `from x to`, that makes every output element of an axis from those of the input. */
function matrixOf(node: Node, axis: Axis): tf.Tensor2D {
  const mode = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  const coordinate = COORDINATES[mode];
  if (coordinate === undefined) throw unsupported(node, `its coordinates are ${mode}`);
  const kernel = kernelOf(node);
  const excludes = intAttribute(node, 'exclude_outside', 0) === 1;
  const { from, to } = axis;
  const weights = new Float32Array(from * to);
  for (let at = 0; at < to; at++) {
    const around = kernel(coordinate(at, axis));
    const inside = around.filter(([index]) => !excludes || (index >= 0 && index < from));
    const total = excludes ? inside.reduce((sum, [, weight]) => sum + weight, 0) : 1;
    for (const [index, weight] of inside) {
      const place = Math.min(Math.max(index, 0), from - 1) * to + at;
      weights[place] = weights[place]! + weight / total;
    }
  }
  return tf.tensor2d(weights, [from, to]);
}

function resize(call: Call): Value {
  const { node } = call;
  if (intAttribute(node, 'antialias', 0) === 1) throw unsupported(node, 'it smooths what it makes smaller');
  const x = tensorAt(call, 0);
  const some = (values: number[] | undefined): number[] | undefined =>
    values === undefined || values.length === 0 ? undefined : values;
  const [scales, sizes] = [some(numbersAt(call, 2)), some(numbersAt(call, 3))];
  const resized = x.shape.reduce<tf.Tensor>((made, from, i) => {
    const scale = scales?.[i] ?? sizes![i]! / from;
    const to = sizes?.[i] ?? Math.floor(from * scale);
    if (to === from && scale === 1) return made;
    const order = swapped(made.rank, i);
    const turned = tf.transpose(made, order);
    const rows = tf.reshape(turned, [-1, from]);
    const product = tf.matMul(rows, matrixOf(node, { from, to, scale }));
    return tf.transpose(tf.reshape(product, [...turned.shape.slice(0, -1), to]), order);
  }, x);
  return Value.of(resized);
}

/** Resize as a matrix product along every axis that changes: linear in the image, whatever the mode. */
export const resizing: Readonly<Record<string, Operator>> = { Resize: { run: resize } };
