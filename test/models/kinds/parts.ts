import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { GraphBuilder } from '../../../src/graph/builder.js';
import type { Graph } from '../../../src/graph/ir.js';
import { ModelProtoSchema, type ModelProto } from '../../../src/graph/onnx/generated/onnx_pb.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import type { ModelCard } from '../../../src/models/card.js';
import type { DataType, Tensor } from '../../../src/tensor/tensor.js';
import { randomTensor } from '../../fixtures/graphs.js';

export const CLASSES = 5;

export type Card = Omit<ModelCard, 'schemaVersion'>;

/** A file of some kind, and what is to come of it. */
export interface Kept {
  readonly file: Uint8Array;
  /** Shape of an example. */
  readonly shape: readonly number[];
  readonly layout?: 'NCHW' | 'NHWC' | 'flat';
  readonly card?: Card;
  /** Output of the file that holds the logits, the first by default. */
  readonly output?: string;
  /** What the output of the file is of the logits. */
  readonly from?: (logits: number[]) => number[];
  /** Of the file's own arithmetic. */
  readonly tolerance?: number;
  readonly inputType?: DataType;
  /** Operator that the gradient cannot pass. */
  readonly blocked?: string;
}

/** What is not as usual about a graph. */
export interface Build {
  readonly opset?: number;
  readonly domains?: Record<string, number>;
  readonly input?: readonly (number | string)[];
  readonly inputType?: DataType;
  readonly outputType?: DataType;
}

/** A graph over an input "x", ending in what `body` returns. */
export function graphOf(body: (b: GraphBuilder, x: string) => string, build: Build = {}): Graph {
  const {
    opset = 17,
    domains = {},
    input = ['N', 3, 6, 6],
    inputType = 'float32',
    outputType = inputType,
  } = build;
  const b = new GraphBuilder({ name: 'g', opsets: { '': opset, ...domains } });
  const result = body(b, b.input('x', inputType, input));
  const graph = b.build();
  return {
    ...graph,
    outputs: [{ name: result, type: outputType, dims: [], undeclared: 'shape' }, ...graph.outputs],
  };
}

/** A dense layer over `width` values. */
export const dense = (b: GraphBuilder, flat: string, width: number, classes = CLASSES): string =>
  b.add('MatMul', [flat, b.initializer('w', randomTensor(width, [width, classes]))]);

/** A convolution and a dense layer: [N, 3, 6, 6] to [N, 5]. */
export function cnn(b: GraphBuilder, x: string): string {
  const conv = b.add('Relu', [b.add('Conv', [x, b.initializer('k', randomTensor(2, [4, 3, 3, 3]))])]);
  return dense(b, b.add('Flatten', [conv]), 64);
}

export const softmax = (logits: number[]): number[] => {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
};

/** The file with something about it changed. */
export function edited(graph: Graph, edit: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, writeOnnx(graph));
  edit(model);
  return toBinary(ModelProtoSchema, model);
}

export const one = [1, 3, 6, 6];
/** What the models take where nothing else is said. */
export const image = { shape: [3, 6, 6], layout: 'NCHW' } as const;
/** A file that takes images, whose output are the logits but for what is said. */
export const of = (graph: Graph, more: Partial<Kept> = {}): Kept => ({
  file: writeOnnx(graph),
  ...image,
  ...more,
});
/** Small random weights of another precision. */
export const typed = (type: DataType, seed: number, dims: number[]): Tensor => {
  const { data } = randomTensor(seed, dims);
  if (type === 'float64') return { type, dims, data: Float64Array.from(data) };
  // Multiples of 1/8 below 1, which half precision holds exactly: sign, exponent and three bits of the fraction.
  const half = (value: number): number => {
    const eighths = Math.round(Math.abs(value) * 7.9);
    if (eighths === 0) return 0;
    const exponent = Math.floor(Math.log2(eighths));
    return (value < 0 ? 0x8000 : 0) | ((exponent + 12) << 10) | ((eighths / 2 ** exponent - 1) * 1024);
  };
  return { type, dims, data: Uint16Array.from(data, half) };
};
