import { GraphBuilder, int, ints, type Attributes } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { randomTensor } from '../fixtures/graphs.js';

/** A value while a graph is put together by hand. */
export interface Part {
  readonly name: string;
  /** Of one example. */
  readonly shape: readonly number[];
}

/** Puts a graph together, weights drawn at random. */
export class Parts {
  readonly builder = new GraphBuilder({ name: 'parts', opsets: { '': 17 } });
  private salt: number;

  constructor(seed: number) {
    this.salt = seed * 1000;
  }

  input(shape: readonly number[]): Part {
    return { name: this.builder.input('x', 'float32', [BATCH, ...shape]), shape };
  }

  constant(dims: readonly number[], scale = 1): string {
    return this.builder.initializer('constant', randomTensor(this.salt++, dims, scale));
  }

  /** Numbers in [1, 2), by which one may divide. */
  positive(dims: readonly number[]): string {
    const tensor = randomTensor(this.salt++, dims);
    return this.builder.initializer('positive', {
      ...tensor,
      data: tensor.data.map((value) => 1.5 + value / 2),
    });
  }

  /** A node that leaves the shape alone. */
  map({ name, shape }: Part, op: string, others: readonly string[] = [], attributes: Attributes = {}): Part {
    return { name: this.builder.add(op, [name, ...others], attributes), shape };
  }

  to(shape: readonly number[], op: string, inputs: readonly string[], attributes: Attributes = {}): Part {
    return { name: this.builder.add(op, inputs, attributes), shape };
  }

  /** A convolution that keeps height and width where `pads` are half the kernel. */
  convolution(
    { name, shape }: Part,
    channels: number,
    {
      kernel = 3,
      stride = 1,
      pads = [1, 1, 1, 1],
      dilation = 1,
      group = 1,
    }: { kernel?: number; stride?: number; pads?: readonly number[]; dilation?: number; group?: number } = {},
  ): Part {
    const [before, height, width] = shape as [number, number, number];
    const inside = before / group;
    const weight = this.constant(
      [channels, inside, kernel, kernel],
      Math.sqrt(3 / (inside * kernel * kernel)),
    );
    const extent = (kernel - 1) * dilation + 1;
    const size = (length: number, axis: number): number =>
      Math.floor((length + pads[axis]! + pads[axis + 2]! - extent) / stride) + 1;
    return this.to(
      [channels, size(height, 0), size(width, 1)],
      'Conv',
      [name, weight, this.constant([channels], 0.3)],
      {
        pads: ints(pads),
        strides: ints([stride, stride]),
        dilations: ints([dilation, dilation]),
        group: int(group),
      },
    );
  }

  batchNormalization(x: Part): Part {
    const [channels] = x.shape as [number];
    return this.map(x, 'BatchNormalization', [
      this.constant([channels]),
      this.constant([channels]),
      this.constant([channels], 0.3),
      this.positive([channels]),
    ]);
  }

  silu(x: Part): Part {
    return this.map(x, 'Mul', [this.map(x, 'Sigmoid').name]);
  }

  flatten({ name, shape }: Part): Part {
    const size = shape.reduce((product, dim) => product * dim, 1);
    return this.to([size], 'Flatten', [name], { axis: int(1) });
  }

  dense({ name, shape }: Part, units: number): Part {
    const [width] = shape as [number];
    const weight = this.constant([units, width], Math.sqrt(3 / width));
    return this.to([units], 'Gemm', [name, weight, this.constant([units], 0.3)], { transB: int(1) });
  }

  /** The graph with the value, made a row of scores of four classes, as logits. */
  classifier(x: Part, features?: Part): Graph {
    const scores = this.dense(x.shape.length === 1 ? x : this.flatten(x), 4);
    this.builder.addNamed('Identity', [scores.name], 'logits');
    this.builder.output('logits', 'float32', [BATCH, 4]);
    if (features !== undefined) this.builder.output(features.name, 'float32', [BATCH, ...features.shape]);
    return this.builder.build();
  }
}

/** Builds on the input of a classifier; gives what its scores are made of. */
export type Case = (parts: Parts, x: Part) => Part;

/** Shape of an image with sides of different lengths. */
export const IMAGE = [3, 7, 6] as const;

export function graphOf(make: Case): Graph {
  const parts = new Parts(3);
  return parts.classifier(make(parts, parts.input(IMAGE)));
}
