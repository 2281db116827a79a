import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.js';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../../src/engine/runner.js';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { floatTensor, intTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { randomCnn, randomFloats, randomMlp } from '../../fixtures/graphs.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine();
});

function affine(): Graph {
  const builder = new GraphBuilder({ name: 'affine', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 2]);
  const w = builder.initializer('w', floatTensor(Float32Array.of(1, 2, 3, 4), [2, 2]));
  builder.addNamed('Add', [builder.add('MatMul', [x, w]), builder.scalar(0.5)], 'y');
  builder.addNamed('Greater', ['y', builder.scalar(8)], 'large');
  builder.addNamed('Shape', ['y'], 'shape');
  builder.output('y', 'float32', [BATCH, 2]);
  builder.output('large', 'bool', [BATCH, 2]);
  builder.output('shape', 'int64', [2]);
  return builder.build();
}

describe('the ONNX Runtime engine', () => {
  it('says which version of ONNX Runtime it is', () => {
    expect(engine.id).toBe('onnxruntime');
    expect(engine.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('computes float, bool and int64 outputs of a graph', async () => {
    const result = await runnerOf(engine)(affine(), { x: floatTensor(Float32Array.of(1, 1, 2, 0), [2, 2]) });
    expect(result['y']).toEqual(floatTensor(Float32Array.of(4.5, 6.5, 2.5, 4.5), [2, 2]));
    expect(result['large']).toEqual({ type: 'bool', dims: [2, 2], data: Uint8Array.of(0, 0, 0, 0) });
    expect(result['shape']).toEqual(intTensor([2, 2]));
  });

  it('returns only what is fetched', async () => {
    const session = await engine.compile(affine());
    const result = await session.run({ x: floatTensor(Float32Array.of(3, 3), [1, 2]) }, ['large']);
    expect(result).toEqual({ large: { type: 'bool', dims: [1, 2], data: Uint8Array.of(1, 1) } });
    await session.release();
  });

  it('takes and returns every element type', async () => {
    const tensors: Tensor[] = [
      { type: 'float32', dims: [2], data: Float32Array.of(-1, 2) },
      { type: 'float64', dims: [2], data: Float64Array.of(-1, 2) },
      { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) },
      { type: 'int8', dims: [2], data: Int8Array.of(-1, 2) },
      { type: 'uint8', dims: [2], data: Uint8Array.of(255, 2) },
      { type: 'int16', dims: [2], data: Int16Array.of(-1, 2) },
      { type: 'uint16', dims: [2], data: Uint16Array.of(65535, 2) },
      { type: 'int32', dims: [2], data: Int32Array.of(-1, 2) },
      { type: 'uint32', dims: [2], data: Uint32Array.of(4294967295, 2) },
      { type: 'int64', dims: [2], data: BigInt64Array.of(-1n, 2n) },
      { type: 'uint64', dims: [2], data: BigUint64Array.of(2n ** 64n - 1n, 2n) },
      { type: 'bool', dims: [2], data: Uint8Array.of(1, 0) },
    ];
    for (const tensor of tensors) {
      const builder = new GraphBuilder({ name: tensor.type, opsets: { '': 17 } });
      const x = builder.input('x', tensor.type, [2]);
      const stored = builder.initializer('stored', tensor);
      builder.addNamed('Concat', [x, stored], 'y', { axis: { type: 'int', value: 0 } });
      builder.output('y', tensor.type, [4]);
      const { y } = await runnerOf(engine)(builder.build(), { x: tensor });
      expect(y?.type).toBe(tensor.type);
      expect([...y!.data]).toEqual([...tensor.data, ...tensor.data]);
      expect(y!.data.constructor).toBe(tensor.data.constructor);
    }
  });

  it('takes memory shared between threads', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([1, 1]);
    const { y } = await runnerOf(engine)(affine(), { x: floatTensor(shared, [1, 2]) });
    expect([...y!.data]).toEqual([4.5, 6.5]);
  });

  it('takes views into larger arrays', async () => {
    const whole = Float32Array.of(9, 9, 1, 1, 9);
    const { y } = await runnerOf(engine)(affine(), { x: floatTensor(whole.subarray(2, 4), [1, 2]) });
    expect([...y!.data]).toEqual([4.5, 6.5]);
  });

  it('names the operator it does not know', async () => {
    const builder = new GraphBuilder({ name: 'odd', opsets: { '': 17 } });
    builder.addNamed('Frobnicate', [builder.input('x', 'float32', [1])], 'y');
    builder.output('y', 'float32', [1]);
    await expect(engine.compile(builder.build())).rejects.toMatchObject({
      key: 'ENGINE_COMPILE',
      message: expect.stringContaining('Frobnicate'),
    });
  });

  it('says which shapes it was fed when a run fails', async () => {
    const session = await engine.compile(affine());
    await expect(session.run({ x: floatTensor(new Float32Array(3), [1, 3]) })).rejects.toMatchObject({
      key: 'ENGINE_RUN',
      message: expect.stringContaining('x: float32[1, 3]'),
    });
    await session.release();
  });

  it('names the node that fails inside the graph', async () => {
    const builder = new GraphBuilder({ name: 'bad', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', ['n']);
    builder.addNamed('Reshape', [x, builder.ints([2, 3])], 'y');
    builder.output('y', 'float32', [2, 3]);
    const graph = builder.build();
    await expect(runnerOf(engine)(graph, { x: floatTensor(new Float32Array(5), [5]) })).rejects.toMatchObject(
      {
        key: 'ENGINE_RUN',
        message: expect.stringContaining('Reshape'),
      },
    );
  });
});

describe('row independence: logits of an example are bit-identical whatever its batch', () => {
  const cases: [string, () => Graph, number[]][] = [
    ['a multilayer perceptron', () => randomMlp(11, [49, 64, 32, 10]), [49]],
    ['a convolutional network', () => randomCnn(12), [1, 12, 12]],
  ];
  it.each(cases)('%s', async (_name, build, shape) => {
    const sizes = [1, 2, 3, 5, 8, 37, 64, 128];
    const size = shape.reduce((a, b) => a * b, 1);
    const data = randomFloats(7, 128 * size);
    const session = await engine.compile(build());
    const reference = (await session.run({ x: floatTensor(data, [128, ...shape]) }))['logits']!.data;
    for (const n of sizes)
      for (const start of [0, 128 - n]) {
        const rows = data.subarray(start * size, (start + n) * size);
        const { logits } = await session.run({ x: floatTensor(rows, [n, ...shape]) });
        expect(logits!.data).toEqual(reference.subarray(start * 10, (start + n) * 10));
      }
    await session.release();
  });

  it('does not depend on the number of threads', async () => {
    const graph = randomCnn(13);
    const x = floatTensor(randomFloats(8, 16 * 144), [16, 1, 12, 12]);
    const [one, two] = await Promise.all([
      engine.compile(graph, { threads: 1 }),
      engine.compile(graph, { threads: 2 }),
    ]);
    expect(await one.run({ x })).toEqual(await two.run({ x }));
    await Promise.all([one.release(), two.release()]);
  });
});
