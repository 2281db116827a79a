import { floatAttribute, intAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import { broadcastShape, broadcastTo, tensorAt, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';
import { einsum } from './einsum.js';

/** Matrix product over the last two axes; a vector counts as a row on the left and as a column on the right. */
function matMul(call: Call): Value {
  const [a, b] = [tensorAt(call, 0), tensorAt(call, 1)];
  const product = stacked(a.rank === 1 ? tf.expandDims(a, 0) : a, b.rank === 1 ? tf.expandDims(b, 1) : b);
  const { shape } = product;
  const kept = [
    ...shape.slice(0, -2),
    ...(a.rank === 1 ? [] : [shape.at(-2)!]),
    ...(b.rank === 1 ? [] : [shape.at(-1)!]),
  ];
  return Value.of(kept.length === shape.length ? product : tf.reshape(product, kept));
}

/** Of stacks of matrices. TensorFlow.js multiplies stacks of different shapes, but has their gradients wrong. */
function stacked(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [above, beside] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  if (above.join() === beside.join()) return tf.matMul(a, b);
  if (b.rank === 2) {
    const rows = tf.reshape(a, [-1, a.shape.at(-1)!]);
    return tf.reshape(tf.matMul(rows, b), [...a.shape.slice(0, -1), b.shape.at(-1)!]);
  }
  const stack = broadcastShape(above, beside);
  return tf.matMul(
    broadcastTo(a, [...stack, ...a.shape.slice(-2)]),
    broadcastTo(b, [...stack, ...b.shape.slice(-2)]),
  );
}

function gemm(call: Call): Value {
  const { node, inputs } = call;
  const transposed = (name: string): boolean => intAttribute(node, name, 0) === 1;
  const [alpha, beta] = [floatAttribute(node, 'alpha', 1), floatAttribute(node, 'beta', 1)];
  const product = tf.matMul(tensorAt(call, 0), tensorAt(call, 1), transposed('transA'), transposed('transB'));
  const scaled = alpha === 1 ? product : tf.mul(product, alpha);
  if (inputs[2] === undefined) return Value.of(scaled);
  const bias = inputs[2].tensor;
  return Value.of(tf.add(scaled, beta === 1 ? bias : tf.mul(bias, beta)));
}

export const linear: Readonly<Record<string, Operator>> = {
  Einsum: {
    run: ({ node, inputs }) =>
      Value.of(
        einsum(
          stringAttribute(node, 'equation', ''),
          inputs.map((value) => value!.tensor),
        ),
      ),
  },
  Gemm: { run: gemm },
  MatMul: { run: matMul },
};
