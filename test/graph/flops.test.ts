import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../src/engine/runner.js';
import { GraphBuilder, int, ints } from '../../src/graph/builder.js';
import { countFlops } from '../../src/graph/flops.js';
import { BATCH } from '../../src/graph/ir.js';
import { inferShapes } from '../../src/graph/shapes.js';
import { elementCount, floatTensor } from '../../src/tensor/tensor.js';

const run = runnerOf(await createOnnxRuntimeEngine());

const ones = (dims: readonly number[]) => floatTensor(new Float32Array(elementCount(dims)).fill(1), dims);

/** Operations of a graph with an input [batch, ...shape], built by `add`, which returns the output's name. */
async function flopsOf(
  shape: readonly number[],
  add: (builder: GraphBuilder, x: string) => string,
): Promise<number> {
  const builder = new GraphBuilder({ name: 'counted', opsets: { '': 17 } });
  const output = add(builder, builder.input('x', 'float32', [BATCH, ...shape]));
  builder.output(output, 'float32', []);
  const graph = {
    ...builder.build(),
    outputs: [{ name: output, type: 'float32', dims: [], undeclared: 'shape' }],
  } as const;
  return countFlops(graph, await inferShapes(graph, run));
}

describe('operations per example', () => {
  it('of a convolution are two per output element and filter weight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          groups: fc.integer({ min: 1, max: 3 }),
          inputs: fc.integer({ min: 1, max: 3 }),
          outputs: fc.integer({ min: 1, max: 3 }),
          kernel: fc.integer({ min: 1, max: 3 }),
          stride: fc.integer({ min: 1, max: 2 }),
        }),
        async ({ groups, inputs, outputs, kernel, stride }) => {
          const filters = [groups * outputs, inputs, kernel, kernel];
          const flops = await flopsOf([groups * inputs, 7, 6], (builder, x) =>
            builder.add('Conv', [x, builder.initializer('w', ones(filters))], {
              group: int(groups),
              strides: ints([stride, stride]),
            }),
          );
          const size = (length: number) => Math.floor((length - kernel) / stride) + 1;
          expect(flops).toBe(2 * elementCount(filters) * size(7) * size(6));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('of a transposed convolution are those of the convolution it transposes', async () => {
    const transposed = await flopsOf([4, 5, 5], (builder, x) =>
      builder.add('ConvTranspose', [x, builder.initializer('w', ones([4, 3, 3, 3]))], {
        strides: ints([2, 2]),
      }),
    );
    const convolution = await flopsOf([3, 11, 11], (builder, x) =>
      builder.add('Conv', [x, builder.initializer('w', ones([4, 3, 3, 3]))], { strides: ints([2, 2]) }),
    );
    expect(transposed).toBe(convolution);
  });

  it('of a dense layer are two per weight, whichever way it is written', async () => {
    const gemm = await flopsOf([6], (builder, x) =>
      builder.add('Gemm', [x, builder.initializer('w', ones([5, 6]))], { transB: int(1) }),
    );
    const matMul = await flopsOf([6], (builder, x) =>
      builder.add('MatMul', [x, builder.initializer('w', ones([6, 5]))]),
    );
    const transposed = await flopsOf([6], (builder, x) => {
      const column = builder.add('Transpose', [x], { perm: ints([1, 0]) });
      return builder.add('Gemm', [column, builder.initializer('w', ones([6, 5]))], { transA: int(1) });
    });
    expect([gemm, matMul, transposed]).toEqual([60, 60, 60]);
  });

  it('of a product between activations are two per element of the output and summed axis', async () => {
    const attention = await flopsOf([3, 4, 8], (builder, x) => {
      const keys = builder.add('Transpose', [x], { perm: ints([0, 1, 3, 2]) });
      return builder.add('MatMul', [builder.add('MatMul', [x, keys]), x]);
    });
    expect(attention).toBe(2 * (2 * 3 * 4 * 4 * 8));
  });

  it('of a shared matrix applied to every row of a sequence count each row', async () => {
    const flops = await flopsOf([7, 6], (builder, x) =>
      builder.add('MatMul', [x, builder.initializer('w', ones([6, 5]))]),
    );
    expect(flops).toBe(2 * 7 * 6 * 5);
  });

  it('of everything else are not counted', async () => {
    expect(await flopsOf([3, 4, 4], (builder, x) => builder.add('Relu', [builder.add('Exp', [x])]))).toBe(0);
  });
});
