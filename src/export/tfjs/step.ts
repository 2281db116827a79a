import { GauntletError } from '../../errors.js';
import { operatorOf } from '../../graph/autodiff/blocked.js';
import { windowOf, type Window } from '../../graph/autodiff/window.js';
import type { Graph, Node, Shapes } from '../../graph/ir.js';
import { consumersOf, producersOf } from '../../graph/topology.js';
import type { FloatTensor, Tensor } from '../../tensor/tensor.js';
import { affine, type Term } from './affine.js';
import type { LayerValue, WrittenLayer } from './layer-value.js';
import type { LayerWriter } from './layer-writer.js';
import { isNonNegative } from './non-negative.js';

/** The graph that is written, and what has been written of it. */
export class Progress {
  readonly values = new Map<string, LayerValue>();
  /** The value that each layer was written for: other values may be the same layer with its axes renamed. */
  readonly owners = new Map<WrittenLayer, string>();
  readonly producer: ReadonlyMap<string, Node>;
  private readonly consumers: ReadonlyMap<string, readonly Node[]>;
  private readonly outputs: ReadonlySet<string>;

  constructor(
    readonly graph: Graph,
    readonly shapes: Shapes,
    readonly writer: LayerWriter,
  ) {
    this.producer = producersOf(graph);
    this.consumers = consumersOf(graph);
    this.outputs = new Set(graph.outputs.map(({ name }) => name));
  }

  /** Whether one node alone reads the value. */
  isReadOnce(value: string): boolean {
    return this.consumers.get(value)?.length === 1 && !this.outputs.has(value);
  }
}

/** How a node is written as layers. */
export type Lowering = (step: Step) => LayerValue;

/** A node while it is written. */
export class Step {
  readonly writer: LayerWriter;

  constructor(
    readonly node: Node,
    private readonly progress: Progress,
  ) {
    this.writer = progress.writer;
  }

  /** @throws GauntletError EXPORT_UNSUPPORTED naming operator and node. */
  refuse(why: string): never {
    throw unsupported(this.node, why);
  }

  get count(): number {
    return this.node.inputs.length;
  }

  isConstant(index: number): boolean {
    return this.progress.graph.initializers.has(this.node.inputs[index] ?? '');
  }

  /** The input as a layer has it. */
  value(index = 0): LayerValue {
    const value = this.progress.values.get(this.node.inputs[index] ?? '');
    return value ?? this.refuse(`input ${index} is a constant`);
  }

  /** The constant numbers of an input; undefined where there is no such input. */
  floats(index: number): FloatTensor | undefined {
    const tensor = this.constant(index);
    if (tensor === undefined || tensor.type === 'float32') return tensor as FloatTensor | undefined;
    return this.refuse(`input ${index} is of type ${tensor.type}`);
  }

  /** The constant whole numbers of an input; undefined where there is no such input. */
  integers(index: number): readonly number[] | undefined {
    const data = this.constant(index)?.data as ArrayLike<number | bigint> | undefined;
    return data && Array.from(data, Number);
  }

  private constant(index: number): Tensor | undefined {
    const name = this.node.inputs[index] ?? '';
    if (name === '') return undefined;
    const tensor = this.progress.graph.initializers.get(name);
    return tensor ?? this.refuse(`input ${index} depends on the examples`);
  }

  /** Shape of one example of the result. */
  get shape(): readonly number[] {
    return exampleShape(this.progress.shapes, this.node.outputs[0]!, this.node);
  }

  /** A window of that size as the node lays it on its input. */
  window(kernel: readonly number[]): Window {
    const dims = (value: string) => this.progress.shapes.get(value)!.dims;
    return windowOf({ node: this.node, dims }, kernel);
  }

  /**
   * factor x + offset.
   * @param alone whether the node needs x itself for nothing else
   */
  affine(value: LayerValue, factor: Term, offset: Term, alone = true): LayerValue {
    const result = affine(this.writer, value, factor, offset, alone && this.owns(value));
    if (result.layer === value.layer) this.progress.owners.set(value.layer, this.node.outputs[0]!);
    return result;
  }

  /** Whether the layer is written for an input that this node alone reads, and once. */
  private owns({ layer }: LayerValue): boolean {
    const from = this.progress.owners.get(layer);
    if (from === undefined || !this.progress.isReadOnce(from)) return false;
    return this.node.inputs.filter((name) => name === from).length === 1;
  }

  /** Whether no element of an input can be below 0, as far as the operators before it tell. */
  isNonNegative(index: number): boolean {
    const { graph, producer } = this.progress;
    return isNonNegative(this.node.inputs[index]!, graph, producer);
  }
}

export const unsupported = (node: Node, why: string): GauntletError =>
  new GauntletError(
    'EXPORT_UNSUPPORTED',
    `node "${node.name}" (${operatorOf(node)}) cannot be written as layers of TensorFlow.js: ${why}`,
  );

/**
 * Shape of one example of a value.
 * @throws GauntletError EXPORT_UNSUPPORTED where it does not hold the examples one after another.
 */
export function exampleShape(shapes: Shapes, value: string, node: Node): readonly number[] {
  const [batch, ...dims] = shapes.get(value)!.dims;
  const fits = typeof batch === 'object' && batch.batch === 1 && dims.length > 0;
  if (fits && dims.every((dim) => typeof dim === 'number')) return dims;
  throw unsupported(node, `"${value}" does not hold the examples one after another`);
}
