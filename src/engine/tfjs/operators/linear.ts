import { floatAttribute, intAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import { tensorAt, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';

/** Matrix product over the last two axes; a vector counts as a row on the left and as a column on the right. */
function matMul(call: Call): Value {
  const [a, b] = [tensorAt(call, 0), tensorAt(call, 1)];
  const left = a.rank === 1 ? tf.expandDims(a, 0) : a;
  const right = b.rank === 1 ? tf.expandDims(b, 1) : b;
  const product = tf.matMul(left, right);
  const { shape } = product;
  if (a.rank > 1 && b.rank > 1) return Value.of(product);
  const kept = [
    ...shape.slice(0, -2),
    ...(a.rank === 1 ? [] : [shape.at(-2)!]),
    ...(b.rank === 1 ? [] : [shape.at(-1)!]),
  ];
  return Value.of(tf.reshape(product, kept));
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

const einsum = ({ node, inputs }: Call): Value =>
  Value.of(
    tf.einsum(
      stringAttribute(node, 'equation', '').replaceAll(' ', ''),
      ...inputs.map((value) => value!.tensor),
    ),
  );

export const linear: Readonly<Record<string, Operator>> = {
  Einsum: { run: einsum },
  Gemm: { run: gemm },
  MatMul: { run: matMul },
};
