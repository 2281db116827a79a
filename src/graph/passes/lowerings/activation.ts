import type { GraphBuilder } from '../../builder.js';
import type { Node } from '../../ir.js';
import { floatOf, made, type OpsetRule } from '../opset-rule.js';

/** Adds a node and returns its output's name. */
type Add = (op: string, ...inputs: readonly string[]) => string;

/** A rule from what it emits for the input `x`; the last node emitted takes over the output. */
const composed =
  (emit: (add: Add, x: string, builder: GraphBuilder, node: Node) => void): OpsetRule =>
  (node, { builder }) => {
    const nodes: Node[] = [];
    const add: Add = (op, ...inputs) => {
      const output = builder.fresh(`${node.op.toLowerCase()}/${op.toLowerCase()}`);
      nodes.push(made(builder, op, inputs, output));
      return output;
    };
    emit(add, node.inputs[0]!, builder, node);
    return nodes.map((inner, i) => (i === nodes.length - 1 ? { ...inner, outputs: node.outputs } : inner));
  };

/** x (1 + erf(x / sqrt 2)) / 2. */
const exactGelu = composed((add, x, builder) => {
  const erf = add('Erf', add('Mul', x, builder.scalar(Math.SQRT1_2)));
  const gate = add('Add', erf, builder.scalar(1));
  add('Mul', add('Mul', x, builder.scalar(0.5)), gate);
});

/**
 * x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), as x sigmoid(2 u): fewer passes, and no cancellation
 * where tanh is near -1.
 */
const tanhGelu = composed((add, x, builder) => {
  const rate = 2 * Math.sqrt(2 / Math.PI);
  const cubic = add('Mul', add('Mul', x, x), builder.scalar(0.044715 * rate));
  const twice = add('Mul', x, add('Add', cubic, builder.scalar(rate)));
  add('Mul', x, add('Sigmoid', twice));
});

const gelu: OpsetRule = (node, context) => {
  const approximate = node.attributes['approximate'];
  const isTanh = approximate?.type === 'string' && approximate.value === 'tanh';
  return (isTanh ? tanhGelu : exactGelu)(node, context);
};

/** x tanh(softplus(x)). */
const mish = composed((add, x) => {
  add('Mul', x, add('Tanh', add('Softplus', x)));
});

/** x sigmoid(alpha x). */
const swish = composed((add, x, builder, node) => {
  const alpha = floatOf(node, 'alpha') ?? 1;
  add('Mul', x, add('Sigmoid', alpha === 1 ? x : add('Mul', x, builder.scalar(alpha))));
});

/** How to write an activation of a later operator set in 17. */
export const activationLowerings: Readonly<Record<string, OpsetRule>> = {
  Gelu: gelu,
  Mish: mish,
  Swish: swish,
};
