import { GauntletError } from '../../errors.js';
import type { Graph } from '../../graph/ir.js';
import { didYouMean } from '../../text/suggest.js';
import { Emitter } from './emitter.js';
import { readNodes, type GraphNode, type Signature, type Source } from './graph-def.js';
import { opLowerings } from './graph-ops/index.js';
import { Operation } from './graph-ops/operation.js';
import type { JsonObject } from './json.js';
import { integers, isWhole, runtime, type Operand } from './operand.js';
import type { FloatTensor } from '../../tensor/tensor.js';
import type { Value } from './value.js';
import type { Weights } from './weights.js';

/**
 * The graph of a graph model: frozen TensorFlow operations. Values are named after their nodes.
 * @param shape of one example, where the file leaves it open
 * @param inner node whose result is asked for although it is no output: its elements are to stand as TensorFlow.js has them
 * @throws GauntletError MODEL_INVALID, MODEL_WEIGHTS, CARD_INVALID; LAYER_UNSUPPORTED naming node and operation.
 */
export function lowerGraphModel(
  topology: JsonObject,
  signature: Signature,
  weights: Weights,
  source: string,
  shape?: readonly number[],
  inner?: string,
): Graph {
  const nodes = readNodes(topology, source);
  const asked = signature.outputs ?? sinksOf(nodes);
  const lowering = new GraphLowering(nodes, new Emitter(source), weights, source, shape, inner);
  return lowering.graph(asked);
}

/** Nodes that no other reads. */
function sinksOf(nodes: ReadonlyMap<string, GraphNode>): Source[] {
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  return [...nodes.keys()].filter((name) => !read.has(name)).map((node) => ({ node, output: 0 }));
}

class GraphLowering {
  private readonly results = new Map<string, readonly Operand[]>();
  /** Names of nodes by the values they compute. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly nodes: ReadonlyMap<string, GraphNode>,
    private readonly emitter: Emitter,
    private readonly weights: Weights,
    private readonly source: string,
    private readonly shape: readonly number[] | undefined,
    private readonly inner: string | undefined,
  ) {}

  graph(asked: readonly Source[]): Graph {
    for (const node of orderOf(this.nodes, asked, this.source)) this.results.set(node.name, this.lower(node));
    const results = asked.map((output) => this.computed(output));
    return this.emitter.finish(results, this.names);
  }

  private computed(output: Source): Value {
    const operand = this.operand(output);
    if (operand.kind === 'runtime' && isWhole(operand)) return operand.value;
    if (operand.kind === 'runtime')
      throw new GauntletError(
        'LAYER_UNSUPPORTED',
        `${this.source}: output "${output.node}" does not keep examples apart`,
      );
    throw new GauntletError(
      'MODEL_INVALID',
      `${this.source}: output "${output.node}" does not depend on the examples`,
    );
  }

  private operand({ node, output }: Source): Operand {
    const operand = this.results.get(node)?.[output];
    if (operand !== undefined) return operand;
    throw new GauntletError(
      'LAYER_UNSUPPORTED',
      `${this.source}: output ${output} of node "${node}" is not computed`,
    );
  }

  private lower(node: GraphNode): readonly Operand[] {
    if (node.op === 'Const') return [this.constant(node)];
    if (node.op === 'Placeholder') return [this.placeholder(node)];
    const lowering = opLowerings.get(node.op);
    if (lowering === undefined)
      throw new GauntletError(
        'LAYER_UNSUPPORTED',
        `${this.source}: node "${node.name}" is of operation ${node.op}, which Gauntlet does not read` +
          didYouMean(node.op, [...opLowerings.keys()]),
      );
    this.emitter.scope = node.name;
    const inputs = node.inputs.map((from) => this.operand(from));
    const found = lowering(new Operation(node, inputs, this.emitter));
    const results: readonly Operand[] = Array.isArray(found) ? found : [found];
    const outputs = node.name === this.inner ? results.map((result) => this.inOrder(result)) : results;
    for (const output of outputs)
      if (
        output.kind === 'runtime' &&
        !this.names.has(output.value.name) &&
        !inputs.some((one) => isSame(one, output))
      )
        this.names.set(output.value.name, node.name);
    return outputs;
  }

  private inOrder(operand: Operand): Operand {
    if (operand.kind !== 'runtime' || !isWhole(operand)) return operand;
    return runtime(this.emitter.natural(operand.value));
  }

  private constant({ name, attributes }: GraphNode): Operand {
    if (!this.weights.specs.has(name))
      throw new GauntletError('MODEL_INVALID', `${attributes.where}: its value is not in weightsManifest`);
    const tensor = this.weights.read(name);
    if (tensor.type === 'float32') return { kind: 'floats', name, tensor: tensor as FloatTensor };
    return integers(Array.from(tensor.data as Int32Array), tensor.dims);
  }

  private placeholder({ name, attributes }: GraphNode): Operand {
    if (!attributes.isFloat('dtype'))
      throw new GauntletError(
        'MODEL_INVALID',
        `${attributes.where} must be a batch of floating-point numbers`,
      );
    const [, ...dims] = attributes.shape('shape') ?? [-1, ...(this.shape ?? [])];
    const closed = dims.map((dim, axis) => (dim >= 0 ? dim : (this.shape?.[axis] ?? -1)));
    if (closed.length === 0 || closed.includes(-1))
      throw new GauntletError('MODEL_INVALID', `${attributes.where} leaves its shape open`, {
        help: 'Give a card with input.shape.',
      });
    if (this.shape !== undefined && closed.join() !== this.shape.join())
      throw new GauntletError(
        'CARD_INVALID',
        `${attributes.where} takes examples of shape [${closed.join(', ')}], input.shape is [${this.shape.join(', ')}]`,
      );
    return runtime(this.emitter.input(name, 'float32', closed));
  }
}

const isSame = (a: Operand, b: Operand): boolean =>
  a.kind === 'runtime' && b.kind === 'runtime' && a.value.name === b.value.name;

/** The nodes that the outputs need, each after those it reads. */
function orderOf(
  nodes: ReadonlyMap<string, GraphNode>,
  asked: readonly Source[],
  source: string,
): GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // A stack of its own: a chain of some ten thousand nodes would overflow a recursive visit.
  const stack = asked.map(({ node }) => node).reverse();
  while (stack.length > 0) {
    const name = stack.at(-1)!;
    const node = nodes.get(name);
    if (node === undefined)
      throw new GauntletError('MODEL_INVALID', `${source}: node "${name}" is used, but is not in the graph`);
    const waiting = node.inputs.map((from) => from.node).filter((from) => state.get(from) !== 'done');
    if (state.get(name) === 'done' || waiting.length === 0) {
      stack.pop();
      if (state.get(name) !== 'done') order.push(node);
      state.set(name, 'done');
    } else if (state.get(name) === 'open') {
      throw new GauntletError('MODEL_INVALID', `${source}: node "${name}" depends on its own result`);
    } else {
      state.set(name, 'open');
      stack.push(...waiting);
    }
  }
  return order;
}
