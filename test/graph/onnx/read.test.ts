import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AttributeProto_AttributeType,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from '../../../src/graph/onnx/generated/onnx_pb.js';
import { readOnnx } from '../../../src/graph/onnx/read.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import { floatTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { randomCnn } from '../../fixtures/graphs.js';
import { fileWith, float2, type TensorInit } from '../../fixtures/onnx-file.js';

const failure = (bytes: Uint8Array): unknown => {
  try {
    readOnnx(bytes, 'model.onnx');
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('readOnnx', () => {
  it.each<[string, TensorInit, Tensor]>([
    [
      'float32',
      { dims: [2n], floatData: [1.5, -2] },
      { type: 'float32', dims: [2], data: Float32Array.of(1.5, -2) },
    ],
    [
      'float64',
      { dims: [1n], doubleData: [0.1] },
      { type: 'float64', dims: [1], data: Float64Array.of(0.1) },
    ],
    [
      'float16',
      { dims: [1n], int32Data: [0x3c00] },
      { type: 'float16', dims: [1], data: Uint16Array.of(0x3c00) },
    ],
    ['int8', { dims: [1n], int32Data: [-7] }, { type: 'int8', dims: [1], data: Int8Array.of(-7) }],
    ['uint8', { dims: [1n], int32Data: [200] }, { type: 'uint8', dims: [1], data: Uint8Array.of(200) }],
    ['int16', { dims: [1n], int32Data: [-700] }, { type: 'int16', dims: [1], data: Int16Array.of(-700) }],
    [
      'uint16',
      { dims: [1n], int32Data: [60000] },
      { type: 'uint16', dims: [1], data: Uint16Array.of(60000) },
    ],
    ['int32', { dims: [], int32Data: [-9] }, { type: 'int32', dims: [], data: Int32Array.of(-9) }],
    [
      'uint32',
      { dims: [1n], uint64Data: [4294967295n] },
      { type: 'uint32', dims: [1], data: Uint32Array.of(4294967295) },
    ],
    ['int64', { dims: [1n], int64Data: [-9n] }, { type: 'int64', dims: [1], data: BigInt64Array.of(-9n) }],
    ['uint64', { dims: [1n], uint64Data: [9n] }, { type: 'uint64', dims: [1], data: BigUint64Array.of(9n) }],
    ['bool', { dims: [2n], int32Data: [1, 0] }, { type: 'bool', dims: [2], data: Uint8Array.of(1, 0) }],
  ])('reads %s tensors stored in typed fields', (type, proto, tensor) => {
    const names: Record<string, TensorProto_DataType> = {
      float32: TensorProto_DataType.FLOAT,
      float64: TensorProto_DataType.DOUBLE,
    };
    const dataType =
      names[type] ?? TensorProto_DataType[type.toUpperCase() as keyof typeof TensorProto_DataType];
    const graph = readOnnx(fileWith({ w: { ...proto, dataType } }), 'g');
    expect(graph.initializers.get('w')).toEqual(tensor);
  });

  it('turns Constant nodes into initializers', () => {
    const { FLOATS, INT } = AttributeProto_AttributeType;
    const graph = readOnnx(
      fileWith({
        graph: {
          node: [
            {
              opType: 'Constant',
              output: ['c'],
              attribute: [{ name: 'value_floats', type: FLOATS, floats: [3, 4] }],
            },
            { opType: 'Constant', output: ['i'], attribute: [{ name: 'value_int', type: INT, i: 7n }] },
            { opType: 'Add', input: ['x', 'c'], output: ['y'] },
          ],
        },
      }),
      'g',
    );
    expect(graph.nodes.map((node) => node.op)).toEqual(['Add']);
    expect(graph.initializers.get('c')).toEqual(floatTensor(Float32Array.of(3, 4), [2]));
    expect(graph.initializers.get('i')).toEqual({ type: 'int64', dims: [], data: BigInt64Array.of(7n) });
  });

  it('does not take an initializer that is also listed as input for an input', () =>
    expect(
      readOnnx(fileWith({ graph: { input: [float2('x'), float2('w')] } }), 'g').inputs.map((i) => i.name),
    ).toEqual(['x']));

  it('puts nodes in topological order', () => {
    const node = [
      { opType: 'Relu', input: ['sum'], output: ['y'] },
      { opType: 'Add', input: ['x', 'w'], output: ['sum'] },
    ];
    expect(readOnnx(fileWith({ graph: { node } }), 'g').nodes.map(({ op }) => op)).toEqual(['Add', 'Relu']);
  });

  it('calls the standard domain by one name', () => {
    const graph = readOnnx(fileWith({ model: { opsetImport: [{ domain: 'ai.onnx', version: 12n }] } }), 'g');
    expect(graph.opsets).toEqual({ '': 12 });
  });
});

describe('readOnnx refuses', () => {
  const whole = writeOnnx(randomCnn(4));

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['a text', new TextEncoder().encode('<!doctype html><html><body>Not found</body></html>')],
    ['zeros', new Uint8Array(1000)],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ])('%s, saying how many bytes it received', (_name, bytes) =>
    expect(failure(bytes)).toMatchObject({
      key: 'MODEL_UNREADABLE',
      message: expect.stringMatching(
        new RegExp(`model\\.onnx: received ${bytes.length} bytes, expected an ONNX model`),
      ),
    }),
  );

  it('a file cut anywhere', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) =>
        expect(failure(whole.subarray(0, length))).toMatchObject({ key: 'MODEL_UNREADABLE' }),
      ),
    );
  });

  it('random bytes, always with an error of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        expect(failure(bytes)).toMatchObject({ name: 'GauntletError' }),
      ),
    );
  });

  it.each([
    ['not a number at position 1', [1, NaN]],
    ['infinite at position 0', [Infinity, 1]],
  ])('weights that are %s', (words, floatData) =>
    expect(failure(fileWith({ w: { dataType: 1, dims: [2n], floatData } }))).toMatchObject({
      key: 'MODEL_WEIGHTS',
      message: `model.onnx: tensor "w" of shape [2] is ${words}`,
    }),
  );

  it('half-precision weights that are not finite', () =>
    expect(
      failure(
        fileWith({
          w: { dataType: TensorProto_DataType.FLOAT16, dims: [2n], int32Data: [0, 0x7e00] },
        }),
      ),
    ).toMatchObject({ key: 'MODEL_WEIGHTS' }));

  it('but not a single infinity, which is a bound', () =>
    expect(failure(fileWith({ w: { dataType: 1, dims: [], floatData: [-Infinity] } }))).toBeUndefined());

  it.each<[string, Uint8Array, string, string]>([
    [
      'weights in another file',
      fileWith({
        w: {
          dataType: 1,
          dims: [2n],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [{ key: 'location', value: 'weights.bin' }],
        },
      }),
      'MODEL_INVALID',
      'weights.bin',
    ],
    [
      'a tensor with too few values',
      fileWith({ w: { dataType: 1, dims: [3n], floatData: [1, 2] } }),
      'MODEL_UNREADABLE',
      'needs 3 values, the file holds 2',
    ],
    [
      'a tensor with too few bytes',
      fileWith({ w: { dataType: 1, dims: [2n], rawData: new Uint8Array(4) } }),
      'MODEL_UNREADABLE',
      'needs 8 bytes, the file holds 4',
    ],
    [
      'an element type it does not know',
      fileWith({ w: { dataType: TensorProto_DataType.BFLOAT16, dims: [2n] } }),
      'MODEL_INVALID',
      'BFLOAT16',
    ],
    [
      'a value nothing produces',
      fileWith({ graph: { node: [{ opType: 'Relu', input: ['z'], output: ['y'] }] } }),
      'MODEL_INVALID',
      '"z"',
    ],
    [
      'a cycle',
      fileWith({
        graph: {
          node: [
            { opType: 'Add', input: ['x', 'b'], output: ['a'] },
            { opType: 'Relu', input: ['a'], output: ['b'] },
            { opType: 'Relu', input: ['a'], output: ['y'] },
          ],
        },
      }),
      'MODEL_INVALID',
      'depends on its own output',
    ],
    [
      'a value produced twice',
      fileWith({
        graph: {
          node: [
            { opType: 'Relu', input: ['x'], output: ['y'] },
            { opType: 'Neg', input: ['x'], output: ['y'] },
          ],
        },
      }),
      'MODEL_INVALID',
      '"y" is produced more than once',
    ],
    [
      'an output nothing produces',
      fileWith({ graph: { output: [float2('nowhere')] } }),
      'MODEL_INVALID',
      '"nowhere"',
    ],
    [
      'sparse weights',
      fileWith({ graph: { sparseInitializer: [{ dims: [2n] }] } }),
      'MODEL_INVALID',
      'sparse weights',
    ],
    [
      'a model without operator set',
      fileWith({ model: { opsetImport: [] } }),
      'MODEL_UNREADABLE',
      'no operator set',
    ],
  ])('%s', (_name, bytes, key, words) =>
    expect(failure(bytes)).toMatchObject({ key, message: expect.stringContaining(words) }),
  );
});
