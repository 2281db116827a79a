import { floatTensor, intTensor, type DataType, type Tensor } from '../tensor/tensor.js';
import type { Attribute, Dimension, Graph, Node, ValueInfo } from './ir.js';

/** Attribute values as one writes them in code; numbers must say whether they are ints or floats. */
export type Attributes = Readonly<Record<string, Attribute>>;

export const int = (value: number): Attribute => ({ type: 'int', value });
export const float = (value: number): Attribute => ({ type: 'float', value });
export const ints = (value: readonly number[]): Attribute => ({ type: 'ints', value });
export const string = (value: string): Attribute => ({ type: 'string', value });

/**
 * Builds a Graph node by node, or extends a copy of an existing one. Every method that adds a value returns its
 * name. Names never collide with those already there.
 */
export class GraphBuilder {
  private readonly nodes: Node[];
  private readonly initializers: Map<string, Tensor>;
  private readonly inputs: ValueInfo[];
  private readonly outputs: ValueInfo[];
  private readonly taken: Set<string>;
  private readonly constants = new Map<string, string>();
  private counter = 0;

  constructor(private readonly base: Pick<Graph, 'name' | 'opsets'> & Partial<Graph>) {
    this.nodes = [...(base.nodes ?? [])];
    this.initializers = new Map(base.initializers);
    this.inputs = [...(base.inputs ?? [])];
    this.outputs = [...(base.outputs ?? [])];
    this.taken = new Set([...this.initializers.keys(), ...this.inputs.map((input) => input.name)]);
    for (const node of this.nodes) for (const name of [node.name, ...node.outputs]) this.taken.add(name);
  }

  /** A value name not yet in use, starting with `prefix`. */
  fresh(prefix: string): string {
    let name = prefix;
    while (this.taken.has(name)) name = `${prefix}_${++this.counter}`;
    this.taken.add(name);
    return name;
  }

  input(name: string, type: DataType, dims: readonly Dimension[]): string {
    this.taken.add(name);
    this.inputs.push({ name, type, dims });
    return name;
  }

  output(name: string, type: DataType, dims: readonly Dimension[]): void {
    this.outputs.push({ name, type, dims });
  }

  initializer(name: string, tensor: Tensor): string {
    const unique = this.fresh(name);
    this.initializers.set(unique, tensor);
    return unique;
  }

  /** A float32 scalar (shape []), shared between equal values. */
  scalar(value: number): string {
    return this.shared(`scalar:${value}`, 'const', floatTensor(Float32Array.of(value), []));
  }

  /** A one-dimensional int64 tensor, shared between equal values. */
  ints(values: readonly number[]): string {
    return this.shared(`ints:${values.join(',')}`, 'const_ints', intTensor(values));
  }

  /** Adds a node with one output and returns that output's name. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}, domain = ''): string {
    return this.addMany(op, inputs, 1, attributes, domain)[0]!;
  }

  /** Adds a node with `outputCount` outputs and returns their names. */
  addMany(
    op: string,
    inputs: readonly string[],
    outputCount: number,
    attributes: Attributes = {},
    domain = '',
  ): string[] {
    const outputs = Array.from({ length: outputCount }, () => this.fresh(`${op.toLowerCase()}_out`));
    this.nodes.push({ name: this.fresh(op), op, domain, inputs, outputs, attributes });
    return outputs;
  }

  /** Adds a node whose outputs have the given names (for values that others refer to by name). */
  addNamed(op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): string {
    this.taken.add(output);
    this.nodes.push({ name: this.fresh(op), op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }

  build(): Graph {
    return {
      name: this.base.name,
      opsets: this.base.opsets,
      nodes: [...this.nodes],
      initializers: new Map(this.initializers),
      inputs: [...this.inputs],
      outputs: [...this.outputs],
    };
  }

  private shared(key: string, prefix: string, tensor: Tensor): string {
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.initializer(prefix, tensor);
    this.constants.set(key, name);
    return name;
  }
}
