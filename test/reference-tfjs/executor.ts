import type { Graph } from '../../src/graph/ir.js';
import { floatTensor, type FloatTensor } from '../../src/tensor/tensor.js';
import { operators } from './operators.js';
import { tf } from './tfjs.js';

/** Every float value of the graph for the given input, by name. */
export function execute(graph: Graph, input: tf.Tensor): Map<string, tf.Tensor> {
  const values = new Map<string, tf.Tensor>([[graph.inputs[0]!.name, input]]);
  for (const [name, { type, dims, data }] of graph.initializers) {
    if (type === 'float32') values.set(name, tf.tensor(data as Float32Array, [...dims], 'float32'));
  }
  for (const node of graph.nodes) {
    const operator = operators[node.op];
    if (operator === undefined) throw new Error(`the TensorFlow.js reference has no ${node.op}`);
    const inputs = node.inputs.map((name) => values.get(name));
    const constants = node.inputs.map((name) => graph.initializers.get(name));
    values.set(node.outputs[0]!, operator({ node, inputs, constants }));
  }
  return values;
}

export interface Reference {
  /** `n x numClasses`. */
  readonly logits: Float32Array;
  /** Gradient of the summed loss, laid out like the input. */
  readonly gradient: Float32Array;
  readonly loss: Float32Array;
  /** Everything in between, by value name. */
  readonly values: ReadonlyMap<string, FloatTensor>;
}

/** Losses of the logits and one-hot labels, one value per example. */
export const referenceLosses = {
  ce: (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
    tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), labels), 1)),
  margin: (logits: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
    tf.sub(tf.max(tf.sub(logits, tf.mul(labels, 1e30)), 1), tf.sum(tf.mul(logits, labels), 1)),
} as const;

/** Logits, loss and input gradient by TensorFlow.js's own automatic differentiation. */
export function evaluateReference(
  graph: Graph,
  logits: string,
  input: { data: Float32Array; dims: readonly number[] },
  labels: Int32Array,
  loss: keyof typeof referenceLosses,
): Reference {
  const read = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());
  tf.engine().startScope();
  try {
    const x = tf.tensor(input.data, [...input.dims], 'float32');
    const forward = execute(graph, x);
    const classes = forward.get(logits)!.shape[1]!;
    const target = tf.cast(tf.oneHot(tf.tensor1d(Array.from(labels), 'int32'), classes), 'float32');
    const lossOf = (values: Map<string, tf.Tensor>): tf.Tensor =>
      referenceLosses[loss](values.get(logits)!, target);
    const gradient = tf.grad((point) => tf.sum(lossOf(execute(graph, point))))(x);
    return {
      logits: read(forward.get(logits)!),
      loss: read(lossOf(forward)),
      gradient: read(gradient),
      values: new Map([...forward].map(([name, tensor]) => [name, floatTensor(read(tensor), tensor.shape)])),
    };
  } finally {
    tf.engine().endScope();
  }
}
