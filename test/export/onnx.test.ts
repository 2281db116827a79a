import { describe, expect, it } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import fc from 'fast-check';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { openModel } from '../../src/models/model-file.js';
import { listZoo } from '../../src/models/reference.js';
import type { ExportedModel } from '../../src/export/export.js';
import type { LoadedModel } from '../../src/models/load.js';
import { randomCnn, randomMlp, randomTensor } from '../fixtures/graphs.js';
import { answersOf, differenceBetween, examplesOf, exported } from './exported.js';
import { Parts } from './parts.js';

/** Logits, and features if there are any, of the file in ONNX Runtime by itself. */
async function inOnnxRuntime(model: LoadedModel, { files }: ExportedModel): Promise<Float32Array[]> {
  const session = await InferenceSession.create(files[0]!.content);
  try {
    const { data, dims } = examplesOf(model);
    const values = await session.run({ input: new Tensor('float32', data, [...dims]) });
    return session.outputNames.map((name) => values[name]!.data as Float32Array);
  } finally {
    await session.release();
  }
}

async function expectSame(graph: Graph, card: Parameters<typeof exported>[2] = {}): Promise<ExportedModel> {
  const { model, result } = await exported(graph, 'onnx', card);
  const expected = await answersOf(model, examplesOf(model));
  const found = await inOnnxRuntime(model, result);
  expect(found).toHaveLength(expected.length);
  expect(differenceBetween(found, expected)).toBeLessThan(1e-6);
  expect(result.difference).toBeLessThan(1e-6);
  return result;
}

describe('a model exported as ONNX', () => {
  it('of the zoo has its logits and its features in ONNX Runtime', async () => {
    for (const { path, card } of await listZoo()) {
      const file = openModel(path);
      await expectSame(file.graph(), card);
      file.close();
    }
  });

  it('has the preprocessing of its card inside, and none in its new card', async () => {
    const card = {
      input: { shape: [1, 12, 12], bounds: [0, 255] },
      preprocessing: { scale: 1 / 255, mean: [0.2], std: [0.4] },
      title: 'Digits',
      licence: 'MIT',
      training: { epochs: 3 },
    };
    const result = await expectSame(randomCnn(1), card);
    expect(result.card).toEqual({
      schemaVersion: 1,
      id: 'cnn',
      title: 'Digits',
      licence: 'MIT',
      training: { epochs: 3 },
      input: { shape: [1, 12, 12], layout: 'NCHW', bounds: [0, 255] },
      output: 'logits',
      numClasses: 10,
    });
  });

  it('has the scores below a Softmax as its logits', async () => {
    const builder = new GraphBuilder(randomMlp(2, [5, 4, 3]));
    builder.addNamed('Softmax', ['logits'], 'probabilities', { axis: int(-1) });
    builder.output('probabilities', 'float32', [BATCH, 3]);
    const graph = builder.build();
    await expectSame({ ...graph, outputs: graph.outputs.slice(1) });
  });

  it('keeps its function where other values have the names of its input and outputs', async () => {
    const builder = new GraphBuilder({ name: 'names', opsets: { '': 17 } });
    const input = builder.input('features', 'float32', [BATCH, 4]);
    const weight = builder.initializer('logits', randomTensor(1, [4, 3]));
    const hidden = builder.addNamed('Gemm', [input, weight], 'input');
    builder.addNamed('Relu', [hidden], 'scores');
    builder.output('scores', 'float32', [BATCH, 3]);
    builder.output('input', 'float32', [BATCH, 3]);
    const result = await expectSame(builder.build(), { output: 'scores', features: 'input' });
    expect(result.card).toMatchObject({ output: 'logits', features: 'features' });
  });

  it('of random networks has their logits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 3),
        fc.integer({ min: 4, max: 9 }),
        fc.nat(50),
        async (channels, size, seed) => {
          const parts = new Parts(seed);
          const first = parts.convolution(parts.input([channels, size, size + 1]), 4, { stride: 2 });
          const branch = parts.silu(parts.batchNormalization(parts.convolution(first, 4)));
          await expectSame(parts.classifier(parts.map(branch, 'Add', [first.name])));
        },
      ),
      { numRuns: 10 },
    );
  });

  it('that draws random numbers is refused in both formats', async () => {
    const builder = new GraphBuilder(randomMlp(1, [4, 3]));
    const noise = builder.add('RandomNormalLike', ['logits']);
    builder.addNamed('Add', ['logits', noise], 'noisy');
    builder.output('noisy', 'float32', [BATCH, 3]);
    const graph = builder.build();
    const noisy = { ...graph, outputs: graph.outputs.slice(1) };
    for (const format of ['onnx', 'tfjs-layers'] as const)
      await expect(exported(noisy, format)).rejects.toThrow(
        expect.objectContaining({ key: 'EXPORT_UNSUPPORTED', message: expect.stringContaining('random') }),
      );
  });
});
