import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { GraphBuilder, int, ints, string } from '../../src/graph/builder.js';
import type { Graph } from '../../src/graph/ir.js';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  FunctionProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  ValueInfoProtoSchema,
  type ModelProto,
} from '../../src/graph/onnx/generated/onnx_pb.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import type { ModelCard } from '../../src/models/card.js';
import type { DataType, Tensor } from '../../src/tensor/tensor.js';
import { randomTensor } from '../fixtures/graphs.js';

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

interface Build {
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

const softmax = (logits: number[]): number[] => {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
};

/** The file with something about it changed. */
function edited(graph: Graph, edit: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, writeOnnx(graph));
  edit(model);
  return toBinary(ModelProtoSchema, model);
}

export const one = [1, 3, 6, 6];
const image = { shape: [3, 6, 6], layout: 'NCHW' } as const;
const of = (graph: Graph, more: Partial<Kept> = {}): Kept => ({ file: writeOnnx(graph), ...image, ...more });
const typed = (type: DataType, seed: number, dims: number[]): Tensor => {
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

export const kinds: Record<string, Kept> = {
  'channels first, batch axis open': of(graphOf(cnn)),
  'a batch axis of any name': of(graphOf(cnn, { input: ['unk__42', 3, 6, 6] })),
  'every axis open, shape in the card': of(graphOf(cnn, { input: ['a', 'b', 'c', 'd'] }), {
    card: { input: { shape: [3, 6, 6] } },
  }),
  'axes of one name, shape in the card': of(graphOf(cnn, { input: ['n', 'n', 'n', 'n'] }), {
    card: { input: { shape: [3, 6, 6] } },
  }),
  'channels last, transposed at its start': of(
    graphOf((b, x) => cnn(b, b.add('Transpose', [x], { perm: ints([0, 3, 1, 2]) })), {
      input: ['N', 6, 6, 3],
    }),
    { shape: [6, 6, 3], layout: 'NHWC' },
  ),
  'a flat input': of(
    graphOf((b, x) => dense(b, x, 48), { input: ['N', 48] }),
    { shape: [48], layout: 'flat' },
  ),
  'a flat input made an image': of(
    graphOf((b, x) => cnn(b, b.add('Reshape', [x, b.ints([-1, 3, 6, 6])])), { input: ['N', 108] }),
    { shape: [108], layout: 'flat' },
  ),
  'exported for one example, Reshape [1, -1]': of(
    graphOf((b, x) => dense(b, b.add('Reshape', [x, b.ints([1, -1])]), 108), { input: one }),
  ),
  'exported for one example, channels last': of(
    graphOf(
      (b, x) => {
        const chw = b.add('Transpose', [x], { perm: ints([0, 3, 1, 2]) });
        return dense(b, b.add('Reshape', [b.add('Relu', [chw]), b.ints([1, 108])]), 108);
      },
      { input: [1, 6, 6, 3] },
    ),
    { shape: [6, 6, 3], layout: 'NHWC' },
  ),
  'exported for one example, without a batch in its output': of(
    graphOf((b, x) => b.add('Squeeze', [cnn(b, x)]), { input: one }),
  ),
  'exported for one example, with a class token': of(
    graphOf(
      (b, x) => {
        const patches = b.add('Transpose', [b.add('Reshape', [x, b.ints([1, 3, 36])])], {
          perm: ints([0, 2, 1]),
        });
        const token = b.add('Expand', [
          b.initializer('token', randomTensor(8, [1, 1, 3])),
          b.ints([1, 1, 3]),
        ]);
        const tokens = b.add('Concat', [token, patches], { axis: int(1) });
        const scores = b.add('MatMul', [tokens, b.add('Transpose', [tokens], { perm: ints([0, 2, 1]) })]);
        const mixed = b.add('MatMul', [b.add('Softmax', [scores], { axis: int(-1) }), tokens]);
        const first = b.add(
          'Gather',
          [mixed, b.initializer('zero', { type: 'int64', dims: [], data: BigInt64Array.of(0n) })],
          {
            axis: int(1),
          },
        );
        return dense(b, first, 3);
      },
      { input: one },
    ),
  ),
  'an open batch axis that holds a 1 after all': of(
    graphOf((b, x) => dense(b, b.add('Reshape', [x, b.ints([1, 108])]), 108)),
  ),
  'logits as a column of pixels': of(
    graphOf((b, x) => b.add('Reshape', [cnn(b, x), b.ints([-1, CLASSES, 1, 1])])),
  ),
  'a Softmax at its end': of(
    graphOf((b, x) => b.add('Softmax', [cnn(b, x)])),
    { from: softmax },
  ),
  'a Softmax and an Identity': of(
    graphOf((b, x) => b.add('Identity', [b.add('Softmax', [cnn(b, x)])])),
    {
      from: softmax,
    },
  ),
  'a Softmax and a Reshape': of(
    graphOf((b, x) => b.add('Reshape', [b.add('Softmax', [cnn(b, x)]), b.ints([-1, 1, CLASSES])])),
    { from: softmax },
  ),
  'a Softmax and a Cast': of(
    graphOf((b, x) => b.add('Cast', [b.add('Softmax', [cnn(b, x)])], { to: int(11) }), {
      outputType: 'float64',
    }),
    { from: softmax },
  ),
  'a LogSoftmax, which stays': of(graphOf((b, x) => b.add('LogSoftmax', [cnn(b, x)], { axis: int(1) }))),
  'a Sigmoid per class, which stays': of(graphOf((b, x) => b.add('Sigmoid', [cnn(b, x)]))),
  'half precision': of(
    graphOf((b, x) => b.add('MatMul', [x, b.initializer('w', typed('float16', 1, [48, CLASSES]))]), {
      ...{ input: ['N', 48], inputType: 'float16' },
    }),
    { shape: [48], layout: 'flat', inputType: 'float16', tolerance: 2e-3 },
  ),
  'double precision': of(
    graphOf((b, x) => b.add('MatMul', [x, b.initializer('w', typed('float64', 1, [48, CLASSES]))]), {
      ...{ input: ['N', 48], inputType: 'float64' },
    }),
    { shape: [48], layout: 'flat', inputType: 'float64' },
  ),
  'half precision inside': of(
    graphOf(
      (b, x) => {
        const half = b.add('Cast', [x], { to: int(10) });
        const scores = b.add('MatMul', [half, b.initializer('w', typed('float16', 1, [48, CLASSES]))]);
        return b.add('Cast', [b.add('Relu', [scores])], { to: int(1) });
      },
      { input: ['N', 48] },
    ),
    { shape: [48], layout: 'flat', tolerance: 2e-3 },
  ),
  'initializers among the inputs': {
    ...image,
    file: edited(graphOf(cnn, { input: one }), (model) => {
      for (const { name } of model.graph!.initializer)
        model.graph!.input.push(
          create(ValueInfoProtoSchema, {
            name,
            type: { value: { case: 'tensorType', value: { elemType: 1 } } },
          }),
        );
      model.irVersion = 3n;
    }),
  },
  'layers as functions of its own': {
    ...image,
    file: edited(
      graphOf((b, x) => dense(b, b.add('Flatten', [b.add('Act', [x], {}, 'local')]), 108), {
        domains: { local: 1 },
      }),
      (model) => {
        const opset = create(OperatorSetIdProtoSchema, { domain: '', version: 17n });
        const attribute = [create(AttributeProtoSchema, { name: 'alpha', type: Kind.FLOAT, f: 0.5 })];
        const node = [
          create(NodeProtoSchema, { opType: 'LeakyRelu', input: ['a'], output: ['b'], attribute }),
        ];
        model.functions.push(
          create(FunctionProtoSchema, {
            name: 'Act',
            domain: 'local',
            input: ['a'],
            output: ['b'],
            node,
            opsetImport: [opset],
          }),
        );
      },
    ),
  },
  'a branch that is always taken': of(
    graphOf((b, x) => {
      const branch = (op: string): Graph => {
        const inner = new GraphBuilder({ name: op, opsets: { '': 17 } });
        inner.output(inner.addNamed(op, [flat], op), 'float32', ['N', 108]);
        return inner.build();
      };
      const flat = b.add('Flatten', [x]);
      const rank = b.add('Size', [b.add('Shape', [x])]);
      const isImage = b.add('Equal', [
        rank,
        b.initializer('four', { type: 'int64', dims: [], data: BigInt64Array.of(4n) }),
      ]);
      const chosen = b.add('If', [isImage], {
        then_branch: { type: 'graph', value: branch('Tanh') },
        else_branch: { type: 'graph', value: branch('Neg') },
      });
      return b.add('Softmax', [dense(b, chosen, 108)]);
    }),
    { from: softmax },
  ),
  'an operator of com.microsoft': of(
    graphOf((b, x) => dense(b, b.add('Flatten', [b.add('QuickGelu', [x], {}, 'com.microsoft')]), 108), {
      domains: { 'com.microsoft': 1 },
    }),
    { blocked: 'com.microsoft.QuickGelu' },
  ),
  'an operator of ai.onnx.ml': of(
    graphOf(
      (b, x) =>
        dense(b, b.add('Normalizer', [b.add('Flatten', [x])], { norm: string('L2') }, 'ai.onnx.ml'), 108),
      {
        domains: { 'ai.onnx.ml': 3 },
      },
    ),
    { blocked: 'ai.onnx.ml.Normalizer' },
  ),
  'several outputs, the card naming one': of(
    graphOf((b, x) => {
      b.output(b.addNamed('Relu', [cnn(b, x)], 'scores'), 'float32', ['N', CLASSES]);
      return b.add('Tanh', ['scores']);
    }),
    { card: { output: 'scores' }, output: 'scores' },
  ),
  'several outputs, one of them called logits': of(
    graphOf((b, x) => {
      b.output(b.addNamed('Identity', [cnn(b, x)], 'logits'), 'float32', ['N', CLASSES]);
      return b.add('Tanh', ['logits']);
    }),
    { output: 'logits' },
  ),
  'classes beside scores': of(
    graphOf((b, x) => {
      const scores = cnn(b, x);
      b.output(b.add('ArgMax', [scores], { axis: int(1), keepdims: int(0) }), 'int64', ['N']);
      return scores;
    }),
  ),
  ...Object.fromEntries(
    Array.from({ length: 19 }, (_, i) => i + 7).map((opset) => [
      `operator set ${opset}`,
      of(graphOf(cnn, { opset })),
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => BigInt(i + 3)).map((version) => [
      `file format version ${version}`,
      {
        ...image,
        file: edited(graphOf(cnn, { opset: 8 }), (model) => {
          model.irVersion = version;
          if (version > 3n) return;
          for (const { name, dims } of model.graph!.initializer) {
            const dim = dims.map((value) => ({ value: { case: 'dimValue', value } }) as const);
            const type = { value: { case: 'tensorType', value: { elemType: 1, shape: { dim } } } } as const;
            model.graph!.input.push(create(ValueInfoProtoSchema, { name, type }));
          }
        }),
      },
    ]),
  ),
};
