import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { float, GraphBuilder, int, ints, string } from '../../../src/graph/builder.js';
import type { Attribute, Graph } from '../../../src/graph/ir.js';
import { readOnnx } from '../../../src/graph/onnx/read.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import { floatTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { randomCnn, randomMlp } from '../../fixtures/graphs.js';

describe('writeOnnx then readOnnx', () => {
  it.each([
    ['a multilayer perceptron', randomMlp(1, [4, 3, 2])],
    ['a convolutional network', randomCnn(2)],
    ['an older operator set', randomCnn(2, 9)],
  ])('gives %s back', (_name, graph) => expect(readOnnx(writeOnnx(graph), 'g')).toEqual(graph));

  it('keeps every kind of attribute', () => {
    const body = new GraphBuilder({ name: 'body', opsets: { '': 17, 'my.domain': 1 } });
    body.addNamed('Neg', ['x'], 'negative');
    body.output('negative', 'float32', [2]);
    const attributes: Record<string, Attribute> = {
      anInt: int(-3),
      aFloat: float(0.5),
      aString: string('SAME_UPPER é'),
      someInts: ints([1, -2, 3]),
      someFloats: { type: 'floats', value: [0.25, -1] },
      someStrings: { type: 'strings', value: ['a', ''] },
      aTensor: { type: 'tensor', value: floatTensor(Float32Array.of(1, 2), [1, 2]) },
      aGraph: { type: 'graph', value: body.build() },
    };
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17, 'my.domain': 1 } });
    builder.input('x', 'float32', ['batch', 2]);
    builder.output(builder.add('Odd', ['x', '', 'x'], attributes, 'my.domain'), 'float32', ['batch', 2]);
    const graph = builder.build();
    expect(readOnnx(writeOnnx(graph), 'g')).toEqual(graph);
  });

  it.each(['shape', 'type and shape'] as const)('keeps an output without a declared %s', (undeclared) => {
    const outputs = [{ name: 'logits', type: 'float32' as const, dims: [], undeclared }];
    expect(readOnnx(writeOnnx({ ...randomMlp(1, [2, 2]), outputs }), 'g').outputs).toEqual(outputs);
  });

  it('keeps "to the end", the largest int64, as such', () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 9 } });
    const x = builder.input('x', 'float32', [4]);
    builder.addNamed('Slice', [x], 'y', { starts: ints([1]), ends: ints([Number(2n ** 63n - 1n)]) });
    builder.output('y', 'float32', [3]);
    const graph = builder.build();
    const again = readOnnx(writeOnnx(graph), 'g');
    expect(again).toEqual(graph);
    expect(writeOnnx(again)).toEqual(writeOnnx(graph));
  });

  it('gives equal bytes for equal graphs, whatever order their parts were added in', () => {
    const graph = randomCnn(3);
    const shuffled: Graph = {
      ...graph,
      initializers: new Map([...graph.initializers].reverse()),
      nodes: graph.nodes.map((node) => ({
        ...node,
        attributes: Object.fromEntries(Object.entries(node.attributes).reverse()),
      })),
    };
    expect(writeOnnx(shuffled)).toEqual(writeOnnx(graph));
  });

  it('keeps tensors of every element type at any alignment', () => {
    const arrays = {
      float64: fc.float64Array({ noNaN: true, noDefaultInfinity: true }),
      int8: fc.int8Array(),
      uint8: fc.uint8Array(),
      int16: fc.int16Array(),
      uint16: fc.uint16Array(),
      int32: fc.int32Array(),
      uint32: fc.uint32Array(),
      int64: fc.bigInt64Array(),
      uint64: fc.bigUint64Array(),
    };
    const tensor = fc.oneof(
      ...Object.entries(arrays).map(([type, array]) =>
        (array as fc.Arbitrary<Tensor['data']>).map(
          (data) => ({ type, dims: [data.length], data }) as Tensor,
        ),
      ),
    );
    fc.assert(
      fc.property(tensor, fc.string({ maxLength: 8 }), fc.nat(7), (value, name, offset) => {
        const graph: Graph = { ...randomMlp(1, [2, 2]), initializers: new Map([['w', value]]), name };
        const onlyConstant: Graph = {
          ...graph,
          nodes: graph.nodes.map((node) => ({ ...node, inputs: ['x'] })),
        };
        const bytes = writeOnnx(onlyConstant);
        const moved = new Uint8Array(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        expect(readOnnx(moved, 'g').initializers.get('w')).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });
});
