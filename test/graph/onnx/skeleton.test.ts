import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphBuilder } from '../../../src/graph/builder.js';
import type { ByteSource } from '../../../src/graph/onnx/byte-source.js';
import { ModelProtoSchema } from '../../../src/graph/onnx/generated/onnx_pb.js';
import { readOnnx } from '../../../src/graph/onnx/read.js';
import { skeletonOf } from '../../../src/graph/onnx/skeleton.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { randomFloats } from '../../fixtures/graphs.js';
import { fileWith } from '../../fixtures/onnx-file.js';

const SIZE = 20_000;

/** Large weights as an initializer, inside a node, and inside a branch. */
function largeGraph() {
  const weights = (seed: number) => floatTensor(randomFloats(seed, SIZE), [SIZE]);
  const branch = (seed: number) => {
    const builder = new GraphBuilder({ name: `branch${seed}`, opsets: { '': 17 } });
    const w = builder.initializer(`inner${seed}`, weights(seed));
    builder.output(builder.addNamed('Add', ['x', w], `then${seed}`), 'float32', [SIZE]);
    return { type: 'graph', value: builder.build() } as const;
  };
  const builder = new GraphBuilder({ name: 'large', opsets: { '': 17 } });
  builder.input('c', 'bool', []);
  builder.input('x', 'float32', [SIZE]);
  const sum = builder.add('Add', ['x', builder.initializer('w', weights(1))]);
  const like = builder.add('Mystery', [sum], { weights: { type: 'tensor', value: weights(2) } });
  const chosen = builder.add('If', ['c'], { then_branch: branch(3), else_branch: branch(4) });
  builder.output(builder.addNamed('Add', [like, chosen], 'y'), 'float32', [SIZE]);
  return builder.build();
}

/** Gives copies, as a file does, and notes how much was read at once. */
function fileLike(bytes: Uint8Array): ByteSource & { largest: number } {
  const source = {
    size: bytes.length,
    largest: 0,
    read(offset: number, length: number) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new RangeError('outside');
      source.largest = Math.max(source.largest, length);
      return bytes.slice(offset, offset + length);
    },
  };
  return source;
}

describe('a model read piece by piece', () => {
  const graph = largeGraph();
  const bytes = writeOnnx(graph);

  it('is the model read at once', () => expect(readOnnx(fileLike(bytes), 'g')).toEqual(graph));

  it('is never read for more than one tensor at a time', () => {
    const source = fileLike(bytes);
    readOnnx(source, 'g');
    expect(source.largest).toBeLessThan(2 * SIZE * 4);
  });

  it('has a skeleton without the bytes of large tensors', () =>
    expect(skeletonOf(fileLike(bytes), 'g').length).toBeLessThan(2_000));

  it('has memory of its own for every large tensor, so that each can be freed alone', () => {
    const source = { ...fileLike(bytes), read: (at: number, length: number) => bytes.slice(at, at + length) };
    expect(readOnnx(source, 'g').initializers.get('w')!.data.buffer.byteLength).toBe(SIZE * 4);
  });

  it.each([
    ['float_data', 1, { floatData: Array.from(randomFloats(5, SIZE)) }, Float32Array],
    ['double_data', 11, { doubleData: Array.from(randomFloats(6, SIZE)) }, Float64Array],
  ] as const)('reads large tensors stored in %s', (_field, dataType, values, array) => {
    const file = fileWith({ w: { dataType, dims: [BigInt(SIZE)], ...values } });
    const expected = array.from(Object.values(values)[0] as number[]);
    expect(readOnnx(fileLike(file), 'g').initializers.get('w')!.data).toEqual(expected);
  });

  it('leaves a small file as it is', () =>
    expect(skeletonOf(fileLike(fileWith({})), 'g')).toEqual(fileWith({})));

  it('is unreadable when cut anywhere, or random', () => {
    const unreadable = (content: Uint8Array) =>
      expect(() => readOnnx(fileLike(content), 'g')).toThrow(
        expect.objectContaining({ name: 'GauntletError', message: expect.stringMatching(/^g: received/) }),
      );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => unreadable(bytes.subarray(0, length))),
      { numRuns: 30 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), unreadable));
  });

  it('is unreadable when nested without end', () => {
    // A graph in an attribute of a node of a graph, each wrapping the one before.
    const wrap = (field: number, content: Uint8Array): Uint8Array => {
      const length: number[] = [];
      let rest = content.length;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) + 0x80);
      return Uint8Array.from([field * 8 + 2, ...length, rest, ...content]);
    };
    let content: Uint8Array = new Uint8Array(70_000);
    for (let level = 0; level < 60; level++) content = wrap(1, wrap(5, wrap(6, content)));
    const file = wrap(7, content);
    expect(() => skeletonOf(fileLike(file), 'g')).toThrow('nested too deep');
  });

  it('keeps what a newer format adds', () => {
    const model = create(ModelProtoSchema, { docString: 'x'.repeat(100_000), producerName: 'p' });
    const file = toBinary(ModelProtoSchema, model);
    expect(skeletonOf(fileLike(file), 'g')).toEqual(file);
  });
});
