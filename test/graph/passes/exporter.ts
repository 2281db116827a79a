import { int, type GraphBuilder } from '../../../src/graph/builder.js';
import { intTensor } from '../../../src/tensor/tensor.js';
import { randomTensor } from '../../fixtures/graphs.js';

export const INT32 = 6;
export const INT64 = 7;

/** What exporters write again and again, on one builder. */
export class Exporter {
  constructor(readonly builder: GraphBuilder) {}

  add(op: string, inputs: readonly string[], attributes = {}): string {
    return this.builder.add(op, inputs, attributes);
  }

  scalar(value: number): string {
    return this.builder.initializer('scalar', intTensor([value], []));
  }

  list(...values: number[]): string {
    return this.builder.ints(values);
  }

  weight(...dims: number[]): string {
    return this.builder.initializer('w', randomTensor(dims.length, dims));
  }

  /** `x.size(axis)` of torch.onnx: a scalar. */
  size(x: string, axis: number): string {
    return this.add('Gather', [this.add('Shape', [x]), this.scalar(axis)], { axis: int(0) });
  }

  /** `x.shape[axis]` of the newer torch.onnx: a list of one. */
  symbol(x: string, axis: number): string {
    return this.add('Shape', [x], { start: int(axis), end: int(axis + 1) });
  }

  /** `tf.shape(x)[axis]`: an int32 scalar. */
  strided(x: string, axis: number): string {
    const shape = this.add('Cast', [this.add('Shape', [x])], { to: int(INT32) });
    const part = this.add('Slice', [shape, this.list(axis), this.list(axis + 1), this.list(0)]);
    return this.add('Squeeze', [part, this.list(0)]);
  }

  concat(...parts: readonly string[]): string {
    return this.add('Concat', parts, { axis: int(0) });
  }

  unsqueeze(scalar: string): string {
    return this.add('Unsqueeze', [scalar, this.list(0)]);
  }

  /** `x.expand(...)` of torch.onnx: -1 keeps the size. */
  expand(x: string, target: string): string {
    const flat = this.add('Reshape', [target, this.list(-1)]);
    const value = { type: 'tensor', value: intTensor([1]) } as const;
    const ones = this.add('ConstantOfShape', [this.add('Shape', [flat])], { value });
    const kept = this.add('Equal', [flat, this.add('Mul', [ones, this.scalar(-1)])]);
    return this.add('Expand', [x, this.add('Where', [kept, ones, flat])]);
  }
}
