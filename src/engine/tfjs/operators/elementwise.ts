import { floatAttribute, intAttribute } from '../../../graph/autodiff/attributes.js';
import { dataTypes } from '../../../graph/onnx/data-type.js';
import { broadcastShape, broadcastTo, tensorAt, unrecorded, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';

type Unary = (x: tf.Tensor, call: Call) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor, call: Call) => tf.Tensor;

const unary = (apply: Unary): Operator => ({
  run: (call) => call.inputs[0]!.map((x) => apply(x, call)),
});

const applyBinary = (apply: Binary, call: Call, a: Value, b: Value): Value => {
  // Images of one shape, or an image and a single number, need not be turned around.
  const together = (x: Value, y: Value): boolean => x.isImage && (y.isImage || y.rank === 0);
  if (!together(a, b) && !together(b, a)) return Value.of(apply(a.tensor, b.tensor, call));
  const form = (x: Value): tf.Tensor => (x.isImage ? x.image : x.tensor);
  return Value.channelsLast(apply(form(a), form(b), call));
};

const binary = (apply: Binary): Operator => ({
  run: (call) => applyBinary(apply, call, call.inputs[0]!, call.inputs[1]!),
});

const variadic = (apply: Binary): Operator => ({
  run: (call) => call.inputs.map((x) => x!).reduce((a, b) => applyBinary(apply, call, a, b)),
});

const flat = (operator: Operator): Operator => ({ ...operator, flat: true });

const clip = (x: tf.Tensor, low: number, high: number): tf.Tensor => tf.clipByValue(x, low, high);

/** `alpha` beneath zero, `above` times x elsewhere; no exponential of a large number. */
const exponential = (x: tf.Tensor, alpha: number, above = 1): tf.Tensor => {
  const positive = unrecorded(() => tf.greater(x, 0));
  return tf.where(positive, tf.mul(x, above), tf.mul(tf.expm1(tf.minimum(x, 0)), alpha));
};

/** Quotient of whole numbers, rounded toward zero. */
const quotient: Binary = (a, b) =>
  a.dtype === 'int32' && b.dtype === 'int32'
    ? tf.cast(tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32')), 'int32')
    : tf.div(a, b);

/** With `fmod` the sign of the dividend, else that of the divisor. The quotient counts as a constant. */
const remainder: Binary = (a, b, { node }) => {
  if (intAttribute(node, 'fmod', 0) === 0) return tf.mod(a, b);
  const whole = unrecorded(() => {
    const ratio = tf.div(a, b);
    return tf.mul(tf.sign(ratio), tf.floor(tf.abs(ratio)));
  });
  return tf.sub(a, tf.mul(b, whole));
};

const INTEGERS: ReadonlySet<number> = new Set(
  (['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const).map(
    (type) => dataTypes[type].code as number,
  ),
);

/** The element types that TensorFlow.js has. */
export const dtypeOf = (code: number): 'float32' | 'int32' | 'bool' =>
  INTEGERS.has(code) ? 'int32' : code === (dataTypes.bool.code as number) ? 'bool' : 'float32';

const cast = ({ node, inputs }: Call): Value => {
  const dtype = dtypeOf(intAttribute(node, 'to', 1));
  const value = inputs[0]!;
  if (value.dtype === dtype) return value;
  // To and from whole numbers and truth values no gradient passes.
  return unrecorded(() => value.map((x) => (dtype === 'bool' ? tf.notEqual(x, 0) : tf.cast(x, dtype))));
};

const clipRun = (call: Call): Value => {
  const [low, high] = [call.inputs[1]?.tensor, call.inputs[2]?.tensor];
  // A bound that was taken gets the gradient.
  const bounded = (x: tf.Tensor, bound: tf.Tensor | undefined, beyond: typeof tf.less): tf.Tensor => {
    if (bound === undefined) return x;
    const outside = unrecorded(() => beyond(x, bound));
    return tf.where(outside, broadcastTo(tf.reshape(bound, []), x.shape), x);
  };
  return call.inputs[0]!.map((x) => bounded(bounded(x, low, tf.less), high, tf.greater));
};

const prelu = (call: Call): Value => {
  const [x, slope] = [tensorAt(call, 0), tensorAt(call, 1)];
  const positive = unrecorded(() => tf.greater(x, 0));
  return Value.of(tf.where(positive, x, tf.mul(x, slope)));
};

const where = (call: Call): Value => {
  const condition = unrecorded(() => tf.cast(tf.clone(tensorAt(call, 0)), 'bool'));
  const [a, b] = [tensorAt(call, 1), tensorAt(call, 2)];
  const shape = broadcastShape(condition.shape, a.shape, b.shape);
  return Value.of(tf.where(broadcastTo(condition, shape), broadcastTo(a, shape), broadcastTo(b, shape)));
};

/** Of two in one shape: broadcasting is not in its gradients. */
const extremum =
  (apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Binary =>
  (a, b) => {
    const shape = broadcastShape(a.shape, b.shape);
    return apply(broadcastTo(a, shape), broadcastTo(b, shape));
  };

/** Of each element on its own, or of elements that broadcasting brings together. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Abs: unary((x) => tf.abs(x)),
  Acos: unary((x) => tf.acos(x)),
  Acosh: unary((x) => tf.acosh(x)),
  Add: binary((a, b) => tf.add(a, b)),
  And: flat(binary((a, b) => tf.logicalAnd(a, b))),
  Asin: unary((x) => tf.asin(x)),
  Asinh: unary((x) => tf.asinh(x)),
  Atan: unary((x) => tf.atan(x)),
  Atanh: unary((x) => tf.atanh(x)),
  Cast: { run: cast },
  Ceil: flat(unary((x) => tf.ceil(x))),
  Celu: unary((x, { node }) => {
    const alpha = floatAttribute(node, 'alpha', 1);
    return tf.add(tf.relu(x), tf.mul(tf.expm1(tf.div(tf.minimum(x, 0), alpha)), alpha));
  }),
  Clip: { run: clipRun },
  Cos: unary((x) => tf.cos(x)),
  Cosh: unary((x) => tf.cosh(x)),
  Div: binary(quotient),
  Dropout: unary((x) => x),
  Elu: unary((x, { node }) => exponential(x, floatAttribute(node, 'alpha', 1))),
  Equal: flat(binary((a, b) => tf.equal(a, b))),
  Erf: unary((x) => tf.erf(x)),
  Exp: unary((x) => tf.exp(x)),
  Floor: flat(unary((x) => tf.floor(x))),
  Greater: flat(binary((a, b) => tf.greater(a, b))),
  GreaterOrEqual: flat(binary((a, b) => tf.greaterEqual(a, b))),
  HardSigmoid: unary((x, { node }) =>
    clip(tf.add(tf.mul(x, floatAttribute(node, 'alpha', 0.2)), floatAttribute(node, 'beta', 0.5)), 0, 1),
  ),
  HardSwish: unary((x) => tf.mul(x, clip(tf.add(tf.div(x, 6), 0.5), 0, 1))),
  Identity: unary((x) => x),
  IsInf: flat(unary((x) => tf.isInf(x))),
  IsNaN: flat(unary((x) => tf.isNaN(x))),
  LeakyRelu: unary((x, { node }) => tf.leakyRelu(x, floatAttribute(node, 'alpha', 0.01))),
  Less: flat(binary((a, b) => tf.less(a, b))),
  LessOrEqual: flat(binary((a, b) => tf.lessEqual(a, b))),
  Log: unary((x) => tf.log(x)),
  Max: variadic(extremum((a, b) => tf.maximum(a, b))),
  Mean: {
    run: (call) =>
      call.inputs
        .map((x) => x!)
        .reduce((a, b) => applyBinary(tf.add, call, a, b))
        .map((sum) => tf.div(sum, call.inputs.length)),
  },
  Min: variadic(extremum((a, b) => tf.minimum(a, b))),
  Mod: binary(remainder),
  Mul: binary((a, b) => tf.mul(a, b)),
  Neg: unary((x) => tf.neg(x)),
  Not: flat(unary((x) => tf.logicalNot(x))),
  Or: flat(binary((a, b) => tf.logicalOr(a, b))),
  PRelu: { run: prelu },
  Pow: binary((a, b) => tf.pow(a, tf.cast(b, a.dtype))),
  Reciprocal: unary((x) => tf.reciprocal(x)),
  Relu: unary((x) => tf.relu(x)),
  Round: flat(unary((x) => tf.round(x))),
  Selu: unary((x, { node }) => {
    const gamma = floatAttribute(node, 'gamma', 1.0507009873554805);
    return exponential(x, gamma * floatAttribute(node, 'alpha', 1.6732632423543772), gamma);
  }),
  Shrink: unary((x, { node }) => {
    const [bias, lambda] = [floatAttribute(node, 'bias', 0), floatAttribute(node, 'lambd', 0.5)];
    const above = unrecorded(() => tf.greater(x, lambda));
    const below = unrecorded(() => tf.less(x, -lambda));
    return tf.where(above, tf.sub(x, bias), tf.where(below, tf.add(x, bias), tf.zerosLike(x)));
  }),
  Sigmoid: unary((x) => tf.sigmoid(x)),
  Sign: flat(unary((x) => tf.sign(x))),
  Sin: unary((x) => tf.sin(x)),
  Sinh: unary((x) => tf.sinh(x)),
  Softplus: unary((x) => tf.softplus(x)),
  Softsign: unary((x) => tf.div(x, tf.add(tf.abs(x), 1))),
  Sqrt: unary((x) => tf.sqrt(x)),
  Sub: binary((a, b) => tf.sub(a, b)),
  Sum: variadic((a, b) => tf.add(a, b)),
  Tan: unary((x) => tf.tan(x)),
  Tanh: unary((x) => tf.tanh(x)),
  ThresholdedRelu: unary((x, { node }) => {
    const above = unrecorded(() => tf.greater(x, floatAttribute(node, 'alpha', 1)));
    return tf.where(above, x, tf.zerosLike(x));
  }),
  Where: { run: where },
  Xor: flat(binary((a, b) => tf.logicalXor(a, b))),
};
