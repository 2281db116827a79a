import type { Node } from '../../src/graph/ir.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { tf } from './tfjs.js';

/** What one operator application sees. */
interface Application {
  readonly node: Node;
  readonly inputs: readonly (tf.Tensor | undefined)[];
  /** Initializers by the input's position: shapes and axes must be known numbers. */
  readonly constants: readonly (Tensor | undefined)[];
}

type Operator = (application: Application) => tf.Tensor;

const int = (node: Node, name: string, fallback: number): number => {
  const attribute = node.attributes[name];
  return attribute?.type === 'int' ? attribute.value : fallback;
};
const float = (node: Node, name: string, fallback: number): number => {
  const attribute = node.attributes[name];
  return attribute?.type === 'float' ? attribute.value : fallback;
};
const intList = (node: Node, name: string): readonly number[] | undefined => {
  const attribute = node.attributes[name];
  return attribute?.type === 'ints' ? attribute.value : undefined;
};

const unary =
  (apply: (x: tf.Tensor) => tf.Tensor): Operator =>
  ({ inputs }) =>
    apply(inputs[0]!);
const binary =
  (apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operator =>
  ({ inputs }) =>
    apply(inputs[0]!, inputs[1]!);

const toChannelsLast = (x: tf.Tensor): tf.Tensor4D => tf.transpose(x, [0, 2, 3, 1]) as tf.Tensor4D;
const toChannelsFirst = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 3, 1, 2]);

/** Pads height and width of a channels-last image with a constant. */
function padImage(x: tf.Tensor4D, pads: readonly number[] | undefined, value: number): tf.Tensor4D {
  if (pads === undefined || pads.every((pad) => pad === 0)) return x;
  const [top, left, bottom, right] = pads as [number, number, number, number];
  return tf.pad4d(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

function pair(values: readonly number[] | undefined, fallback: number): [number, number] {
  return [values?.[0] ?? fallback, values?.[1] ?? fallback];
}

function conv({ node, inputs }: Application): tf.Tensor {
  const groups = int(node, 'group', 1);
  const image = padImage(toChannelsLast(inputs[0]!), intList(node, 'pads'), 0);
  const filter = tf.transpose(inputs[1]!, [2, 3, 1, 0]) as tf.Tensor4D;
  const strides = pair(intList(node, 'strides'), 1);
  const dilations = pair(intList(node, 'dilations'), 1);
  const part = (x: tf.Tensor4D, group: number): tf.Tensor4D => {
    const width = x.shape[3] / groups;
    return groups === 1 ? x : tf.slice4d(x, [0, 0, 0, group * width], [-1, -1, -1, width]);
  };
  const convolved = tf.concat(
    Array.from({ length: groups }, (_, group) =>
      tf.conv2d(part(image, group), part(filter, group), strides, 'valid', 'NHWC', dilations),
    ),
    3,
  );
  const bias = inputs[2];
  return toChannelsFirst(bias === undefined ? convolved : tf.add(convolved, bias));
}

function maxPool({ node, inputs }: Application): tf.Tensor {
  const image = padImage(toChannelsLast(inputs[0]!), intList(node, 'pads'), -1e30);
  const kernel = pair(intList(node, 'kernel_shape'), 1);
  return toChannelsFirst(tf.maxPool(image, kernel, pair(intList(node, 'strides'), 1), 'valid'));
}

function averagePool({ node, inputs }: Application): tf.Tensor {
  const pads = intList(node, 'pads');
  if (pads?.some((pad) => pad !== 0) === true && int(node, 'count_include_pad', 0) === 0) {
    throw new Error('AveragePool that leaves out its padding is not in the reference');
  }
  const image = padImage(toChannelsLast(inputs[0]!), pads, 0);
  const kernel = pair(intList(node, 'kernel_shape'), 1);
  return toChannelsFirst(tf.avgPool(image, kernel, pair(intList(node, 'strides'), 1), 'valid'));
}

function gemm({ node, inputs }: Application): tf.Tensor {
  const [a, b, c] = inputs;
  const product = tf.matMul(a!, b!, int(node, 'transA', 0) === 1, int(node, 'transB', 0) === 1);
  const scaled = tf.mul(product, float(node, 'alpha', 1));
  return c === undefined ? scaled : tf.add(scaled, tf.mul(c, float(node, 'beta', 1)));
}

function reshape({ node, inputs, constants }: Application): tf.Tensor {
  const wanted = Array.from(constants[1]!.data as BigInt64Array, Number);
  const keepsZero = int(node, 'allowzero', 0) === 1;
  return tf.reshape(
    inputs[0]!,
    wanted.map((dim, i) => (dim === 0 && !keepsZero ? inputs[0]!.shape[i]! : dim)),
  );
}

function flatten({ node, inputs }: Application): tf.Tensor {
  const { shape, size } = inputs[0]!;
  const rows = shape.slice(0, int(node, 'axis', 1)).reduce((product, dim) => product * dim, 1);
  return tf.reshape(inputs[0]!, [rows, size / rows]);
}

function batchNormalization({ node, inputs }: Application): tf.Tensor {
  const [x, scale, shift, mean, variance] = inputs as tf.Tensor[];
  const perChannel = (value: tf.Tensor): tf.Tensor =>
    tf.reshape(value, [1, -1, ...Array.from({ length: x!.rank - 2 }, () => 1)]);
  const deviation = tf.sqrt(tf.add(perChannel(variance!), float(node, 'epsilon', 1e-5)));
  const normalised = tf.div(tf.sub(x!, perChannel(mean!)), deviation);
  return tf.add(tf.mul(normalised, perChannel(scale!)), perChannel(shift!));
}

const reduction =
  (apply: (x: tf.Tensor, axes: number[] | undefined, keep: boolean) => tf.Tensor): Operator =>
  ({ node, inputs, constants }) => {
    const given =
      intList(node, 'axes') ?? (constants[1] && Array.from(constants[1].data as BigInt64Array, Number));
    return apply(inputs[0]!, given === undefined ? undefined : [...given], int(node, 'keepdims', 1) === 1);
  };

/** The ONNX operators of the models under test, written with TensorFlow.js operations (which bring their own gradients). */
export const operators: Readonly<Record<string, Operator>> = {
  Add: binary(tf.add),
  Sub: binary(tf.sub),
  Mul: binary(tf.mul),
  Div: binary(tf.div),
  Relu: unary(tf.relu),
  Sigmoid: unary(tf.sigmoid),
  Tanh: unary(tf.tanh),
  Identity: unary((x) => x),
  Dropout: unary((x) => x),
  MatMul: binary((a, b) => tf.matMul(a, b)),
  Softmax: ({ node, inputs }) => tf.softmax(inputs[0]!, int(node, 'axis', -1)),
  LogSoftmax: ({ node, inputs }) => tf.logSoftmax(inputs[0]!, int(node, 'axis', -1)),
  Transpose: ({ node, inputs }) => tf.transpose(inputs[0]!, [...(intList(node, 'perm') ?? [])]),
  Concat: ({ node, inputs }) => tf.concat(inputs as tf.Tensor[], int(node, 'axis', 0)),
  Clip: ({ inputs }) =>
    tf.clipByValue(inputs[0]!, inputs[1]?.dataSync()[0] ?? -3.4e38, inputs[2]?.dataSync()[0] ?? 3.4e38),
  ReduceMean: reduction((x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceSum: reduction((x, axes, keep) => tf.sum(x, axes, keep)),
  GlobalAveragePool: unary((x) => tf.mean(x, [2, 3], true)),
  Conv: conv,
  MaxPool: maxPool,
  AveragePool: averagePool,
  Gemm: gemm,
  Reshape: reshape,
  Flatten: flatten,
  BatchNormalization: batchNormalization,
};
