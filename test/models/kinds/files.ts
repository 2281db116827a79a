import { create } from '@bufbuild/protobuf';
import { GraphBuilder, int, string } from '../../../src/graph/builder.js';
import type { Graph } from '../../../src/graph/ir.js';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  FunctionProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  ValueInfoProtoSchema,
} from '../../../src/graph/onnx/generated/onnx_pb.js';
import { CLASSES, cnn, dense, edited, graphOf, image, of, one, softmax, typed, type Kept } from './parts.js';

/** How models are written down. */
export const fileKinds: Record<string, Kept> = {
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
