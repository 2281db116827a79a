import { elementCount, floatTensor, type FloatTensor, type Tensor } from '../../tensor/tensor.js';
import { float, GraphBuilder } from '../builder.js';
import type { Graph, Node } from '../ir.js';
import { consumersOf, producersOf } from '../topology.js';
import { prune } from './prune.js';

/** y = factor * x + offset per channel: what batch normalization is outside training. */
interface Affine {
  readonly factor: Float64Array;
  readonly offset: Float64Array;
}

/**
 * Multiplies batch normalization into the weights of the Conv or Gemm right before it, in float64. Where the result
 * in between has another reader, or a weight is not a float32 constant, the node stays.
 */
export function foldBatchNormalization(graph: Graph): Graph {
  const producers = producersOf(graph);
  const consumers = consumersOf(graph);
  const outputs = new Set(graph.outputs.map((output) => output.name));
  const builder = new GraphBuilder(graph);
  const replaced = new Map<Node, readonly Node[]>();
  for (const node of graph.nodes) {
    const between = node.inputs[0] ?? '';
    const linear = producers.get(between);
    const affine = affineOf(node, graph);
    if (affine === undefined || linear === undefined) continue;
    if (outputs.has(between) || consumers.get(between)!.length > 1) continue;
    const folded = foldInto(linear, affine, graph, builder);
    if (folded === undefined) continue;
    replaced.set(linear, [{ ...folded, outputs: [node.outputs[0]!] }]);
    replaced.set(node, []);
  }
  if (replaced.size === 0) return graph;
  const nodes = graph.nodes.flatMap((node) => replaced.get(node) ?? [node]);
  return prune({ ...builder.build(), nodes });
}

function affineOf({ op, domain, inputs, outputs, attributes }: Node, graph: Graph): Affine | undefined {
  const training = attributes['training_mode'];
  if (op !== 'BatchNormalization' || domain !== '') return undefined;
  if (training?.type === 'int' && training.value !== 0) return undefined;
  if (outputs.slice(1).some((name) => name !== '')) return undefined;
  const [scale, shift, mean, variance] = inputs.slice(1).map((name) => constantFloats(graph, name)?.data);
  if (!scale || !shift || !mean || !variance) return undefined;
  const epsilon = attributes['epsilon']?.type === 'float' ? attributes['epsilon'].value : 1e-5;
  const factor = Float64Array.from(scale, (value, i) => value / Math.sqrt(variance[i]! + epsilon));
  return { factor, offset: factor.map((value, i) => shift[i]! - mean[i]! * value) };
}

/** The Conv or Gemm with the affine map inside; undefined where that cannot be done. */
function foldInto(node: Node, affine: Affine, graph: Graph, builder: GraphBuilder): Node | undefined {
  const weight = constantFloats(graph, node.inputs[1] ?? '');
  if (node.domain !== '' || weight === undefined) return undefined;
  const fold = FOLDS[node.op];
  return fold?.(node, weight, affine, graph, builder);
}

type Fold = (
  node: Node,
  weight: FloatTensor,
  affine: Affine,
  graph: Graph,
  builder: GraphBuilder,
) => Node | undefined;

const FOLDS: Readonly<Record<string, Fold>> = {
  Conv: (node, weight, affine, graph, builder) => {
    const bias = biasOf(node, affine.factor.length, 1, graph);
    if (bias === undefined || weight.dims[0] !== affine.factor.length) return undefined;
    return withWeights(node, scaled(weight, 0, affine.factor), bias, affine, builder);
  },
  Gemm: (node, weight, affine, graph, builder) => {
    const beta = node.attributes['beta']?.type === 'float' ? node.attributes['beta'].value : 1;
    const transposed = node.attributes['transB']?.type === 'int' && node.attributes['transB'].value !== 0;
    const axis = transposed ? 0 : 1;
    const bias = biasOf(node, affine.factor.length, beta, graph);
    if (bias === undefined || weight.dims[axis] !== affine.factor.length) return undefined;
    const folded = withWeights(node, scaled(weight, axis, affine.factor), bias, affine, builder);
    return { ...folded, attributes: { ...node.attributes, beta: float(1) } };
  },
};

/** The constant that is added per channel, `beta` applied; undefined if it is not constant per channel. */
function biasOf(node: Node, channels: number, beta: number, graph: Graph): Float64Array | undefined {
  const name = node.inputs[2] ?? '';
  if (name === '') return new Float64Array(channels);
  const bias = constantFloats(graph, name);
  if (bias === undefined) return undefined;
  const count = elementCount(bias.dims);
  if (count !== 1 && (count !== channels || bias.dims.at(-1) !== channels)) return undefined;
  return Float64Array.from({ length: channels }, (_, i) => beta * bias.data[count === 1 ? 0 : i]!);
}

function withWeights(
  node: Node,
  weight: FloatTensor,
  bias: Float64Array,
  { factor, offset }: Affine,
  builder: GraphBuilder,
): Node {
  const folded = Float32Array.from(bias, (value, i) => value * factor[i]! + offset[i]!);
  const names = [
    builder.initializer(`${node.inputs[1]!}_folded`, weight),
    builder.initializer(`${node.outputs[0]!}_bias`, floatTensor(folded, [folded.length])),
  ];
  return { ...node, inputs: [node.inputs[0]!, ...names] };
}

/** The tensor with each slice along `axis` multiplied by its factor. */
function scaled({ data, dims }: FloatTensor, axis: number, factor: Float64Array): FloatTensor {
  const stride = elementCount(dims.slice(axis + 1));
  const channels = dims[axis]!;
  const values = data.map((value, i) => value * factor[Math.floor(i / stride) % channels]!);
  return floatTensor(values, dims);
}

function constantFloats(graph: Graph, name: string): FloatTensor | undefined {
  const tensor: Tensor | undefined = graph.initializers.get(name);
  return tensor?.type === 'float32' ? (tensor as FloatTensor) : undefined;
}
