import { GraphBuilder, int, ints, type Attributes } from '../../graph/builder.js';
import { BATCH, type Graph } from '../../graph/ir.js';
import { renameReads } from '../../graph/rename.js';
import type { DataType, FloatTensor } from '../../tensor/tensor.js';
import { isNatural, natural, sameSequence, storedShape, type Value } from './value.js';

const OPSET = 17;

/** Writes the graph of a TensorFlow.js model, one operation after another, and moves axes where that is needed. */
export class Emitter {
  private readonly builder: GraphBuilder;
  /** Values that were moved, by what they were and the order they were moved into. */
  private readonly moved = new Map<string, string>();
  /** Names of what is emitted begin with it. */
  scope = '';

  constructor(name: string) {
    this.builder = new GraphBuilder({ name, opsets: { '': OPSET } });
  }

  /** Adds a node and returns the name of its value. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.builder.addNamed(op, inputs, this.builder.fresh(`${this.scope}/${op}`), attributes);
  }

  /** Adds a node with several values. */
  addMany(op: string, inputs: readonly string[], count: number, attributes: Attributes = {}): string[] {
    return this.builder.addMany(op, inputs, count, attributes);
  }

  constant(name: string, tensor: FloatTensor): string {
    return this.builder.initializer(name, tensor);
  }

  scalar(value: number): string {
    return this.builder.scalar(value);
  }

  ints(values: readonly number[]): string {
    return this.builder.ints(values);
  }

  input(name: string, type: DataType, shape: readonly number[]): Value {
    return natural(this.builder.input(this.builder.fresh(name), type, [BATCH, ...shape]), shape);
  }

  /** Applies an operator that works on each element by itself. */
  map(value: Value, op: string, attributes: Attributes = {}, ...others: readonly string[]): Value {
    return { ...value, name: this.add(op, [value.name, ...others], attributes) };
  }

  /** The value with another shape for each example, its elements in the order they are stored in. */
  reshape(name: string, shape: readonly number[]): string {
    return this.add('Reshape', [name, this.ints([-1, ...shape])]);
  }

  /** The value with its axes stored in that order. */
  ordered(value: Value, order: readonly number[]): Value {
    if (value.elements !== undefined) return this.sorted(value, value.elements);
    if (order.every((axis, i) => axis === value.order[i])) return value;
    const name = this.once(`${value.name} ${order.join()}`, () => {
      if (sameSequence(value.shape, value.order, order))
        return this.reshape(value.name, storedShape({ ...value, order }));
      const perm = [0, ...order.map((axis) => value.order.indexOf(axis) + 1)];
      return this.add('Transpose', [value.name], { perm: ints(perm) });
    });
    return { ...value, name, order };
  }

  /** The value without these axes, whose length is 1. */
  squeezed(value: Value, axes: readonly number[]): Value {
    const kept = [...value.shape.keys()].filter((axis) => !axes.includes(axis));
    const shape = kept.map((axis) => value.shape[axis]!);
    const order = value.order.filter((axis) => kept.includes(axis)).map((axis) => kept.indexOf(axis));
    return this.reshaped({ ...value, shape, order });
  }

  /** The value with a new axis of length 1 at that place. */
  expanded(value: Value, axis: number): Value {
    const sorted = value.elements === undefined ? value : this.natural(value);
    const order = [...sorted.order.map((old) => (old < axis ? old : old + 1)), axis];
    return this.reshaped({ ...sorted, shape: sorted.shape.toSpliced(axis, 0, 1), order });
  }

  private reshaped(value: Value): Value {
    return { ...value, name: this.reshape(value.name, storedShape(value)) };
  }

  /** The value stored as TensorFlow.js has it. */
  natural(value: Value): Value {
    return isNatural(value) ? value : this.ordered(value, natural(value.name, value.shape).order);
  }

  private sorted({ name, shape }: Value, elements: Int32Array): Value {
    const sorted = this.once(`${name} sorted`, () => {
      const places = new Array<number>(elements.length);
      for (let i = 0; i < elements.length; i++) places[elements[i]!] = i;
      return this.add('Gather', [name, this.ints(places)], { axis: int(1) });
    });
    return natural(sorted, shape);
  }

  private once(key: string, make: () => string): string {
    const known = this.moved.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.moved.set(key, name);
    return name;
  }

  /**
   * The graph with these outputs. A node goes by the name of its value.
   * @param names better names for values, where they are not taken
   */
  finish(results: readonly Value[], names: ReadonlyMap<string, string>): Graph {
    const outputs = results.map((value) => this.natural(value));
    // The outputs come first, so that they have the name even where the value itself is stored in another order.
    const asked = [...results.map(({ name }, i) => [outputs[i]!.name, names.get(name)] as const), ...names];
    const renaming = new Map<string, string>();
    for (const [value, name] of asked)
      if (name !== undefined && !renaming.has(value)) renaming.set(value, this.builder.fresh(name));
    const renamed = (name: string): string => renaming.get(name) ?? name;
    const graph = this.builder.build();
    return {
      ...graph,
      nodes: graph.nodes.map((node) => {
        const named = node.outputs.map(renamed);
        return { ...renameReads(node, renaming), name: named[0]!, outputs: named };
      }),
      outputs: outputs.map(({ name, shape }) => ({
        ...{ name: renamed(name), type: 'float32' },
        dims: [BATCH, ...shape],
      })),
    };
  }
}
