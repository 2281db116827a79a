import { GauntletError } from '../../../errors.js';
import { floatTensor, type FloatTensor } from '../../../tensor/tensor.js';
import type { Emitter } from '../emitter.js';
import type { GraphNode, NodeAttributes } from '../graph-def.js';
import type { Floats, Operand, Runtime } from '../operand.js';
import type { Value } from '../value.js';

/** A node while it is lowered: what it takes, and where it is written to. */
export class Operation {
  constructor(
    private readonly node: GraphNode,
    readonly inputs: readonly Operand[],
    readonly emitter: Emitter,
  ) {}

  get name(): string {
    return this.node.name;
  }

  get attributes(): NodeAttributes {
    return this.node.attributes;
  }

  /** An input that must be computed, outside of blocks and rows, with as many axes as one of `ranks` says, the batch not counted. */
  value(index: number, ...ranks: readonly number[]): Value {
    const { value, blocks, rows } = this.runtime(index, ...ranks);
    if (blocks !== undefined)
      return this.unsupported(
        'between SpaceToBatchND and BatchToSpaceND are one convolution, biases and activations',
      );
    if (rows !== undefined)
      return this.unsupported('between Reshape to rows and back are matrix products, biases and activations');
    return value;
  }

  /** An input that must be computed. */
  runtime(index: number, ...ranks: readonly number[]): Runtime {
    const input = this.inputs[index];
    if (input?.kind !== 'runtime') return this.unsupported(`input ${index} must depend on the examples`);
    const { shape } = input.value;
    if (ranks.length > 0 && !ranks.includes(shape.length))
      return this.unsupported(
        `input ${index} must have ${ranks.join(' or ')} axes per example, received [${shape.join(', ')}]`,
      );
    return input;
  }

  /** An input that must be numbers in the file. */
  floats(index: number): Floats {
    const input = this.inputs[index];
    return input?.kind === 'floats' ? input : this.unsupported(`input ${index} must be a constant`);
  }

  /** An input that must be whole numbers that are known. */
  integers(index: number): readonly number[] {
    const input = this.inputs[index];
    const values = input?.kind === 'integers' ? input.values : undefined;
    return values?.every((value) => typeof value === 'number') === true
      ? values
      : this.unsupported(`input ${index} must be whole numbers that do not depend on the batch`);
  }

  /** Puts a constant into the graph, arranged, and returns its name there. */
  constant({ name, tensor }: Floats, arrange: (tensor: FloatTensor) => FloatTensor = (same) => same): string {
    return this.emitter.constant(name, arrange(tensor));
  }

  /** Puts numbers into the graph that are in no constant of the file. */
  numbers(name: string, values: ArrayLike<number>, shape: readonly number[]): string {
    return this.emitter.constant(`${this.name}/${name}`, floatTensor(Float32Array.from(values), shape));
  }

  /** An axis as TensorFlow counts it (0 is the batch) as one of the example. */
  axis(axis: number, rank: number): number {
    const found = axis < 0 ? axis + rank : axis - 1;
    return found >= 0 && found < rank ? found : this.unsupported(`axis ${axis} must be one of an example`);
  }

  /** @param problem what is the matter, as half a sentence */
  unsupported(problem: string): never {
    throw new GauntletError('LAYER_UNSUPPORTED', `${this.attributes.where}: ${problem}`);
  }
}

/** Writes a node into the graph and gives its first output or all of them. @throws GauntletError LAYER_UNSUPPORTED. */
export type OpLowering = (operation: Operation) => Operand | readonly Operand[];
