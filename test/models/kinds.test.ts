import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as ort from 'onnxruntime-node';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { GraphBuilder, int, ints } from '../../src/graph/builder.js';
import type { Graph } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { loadModel } from '../../src/models/load.js';
import { resolveModel } from '../../src/models/reference.js';
import type { DataType } from '../../src/tensor/tensor.js';
import { engine, randomBatch } from '../classifier/loaded.js';
import { fileKinds } from './kinds/files.js';
import { inputKinds } from './kinds/inputs.js';
import { outputKinds } from './kinds/outputs.js';
import { CLASSES, cnn, dense, graphOf, one, type Card, type Kept } from './kinds/parts.js';

const ROWS = 4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-kinds-'));
});
let count = 0;
async function load(file: Uint8Array, card: Card | undefined) {
  const path = join(folder, `${count++}.onnx`);
  await writeFile(path, file);
  if (card !== undefined)
    await writeFile(path.replace('.onnx', '.card.json'), JSON.stringify({ schemaVersion: 1, ...card }));
  return loadModel(await resolveModel(path), engine);
}

/** Output of the file itself for one example, computed by ONNX Runtime. */
async function outputOf(
  { file, output, inputType = 'float32' }: Kept,
  x: Float32Array,
  shape: readonly number[],
): Promise<number[]> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4 });
  const name = output ?? session.outputNames[0]!;
  const values = inputType === 'float64' ? Float64Array.from(x) : x;
  const type = inputType === 'float16' ? 'float32' : inputType;
  const tensor = new ort.Tensor(type as 'float32', values as Float32Array, [1, ...shape]);
  const feed = inputType === 'float16' ? await toHalf(tensor) : tensor;
  const result = (await session.run({ x: feed }))[name]!;
  const asFloats = result.type === 'float16' ? await fromHalf(result) : result;
  return Array.from(asFloats.data as Float32Array, Number);
}

const casting = async (from: DataType, to: number, value: ort.Tensor): Promise<ort.Tensor> => {
  const b = new GraphBuilder({ name: 'cast', opsets: { '': 17 } });
  const y = b.add('Cast', [b.input('x', from, value.dims)], { to: int(to) });
  const outputs = [{ name: y, type: 'float32', dims: [], undeclared: 'type and shape' }] as const;
  const session = await ort.InferenceSession.create(writeOnnx({ ...b.build(), outputs }));
  return (await session.run({ x: value }))[y]!;
};
const toHalf = (value: ort.Tensor) => casting('float32', 10, value);
const fromHalf = (value: ort.Tensor) => casting('float16', 1, value);

describe('a model with', () => {
  it.each(Object.entries({ ...inputKinds, ...outputKinds, ...fileKinds }))(
    '%s gives the logits of its file, for any batch',
    async (_name, kept) => {
      const {
        file,
        shape,
        layout = 'NCHW',
        card,
        from = (logits: number[]) => logits,
        tolerance = 1e-5,
        blocked,
      } = kept;
      const model = await load(file, card);
      expect(model.input).toEqual({ shape, layout, bounds: [0, 1] });
      expect(model.numClasses).toBe(CLASSES);
      const classifier = await createClassifier(model, engine, { threads: 1 });
      const batch = randomBatch(3, ROWS, shape);
      const logits = await classifier.logits(batch);
      const size = batch.data.length / ROWS;
      for (let row = 0; row < ROWS; row++) {
        const expected = await outputOf(kept, batch.data.subarray(row * size, (row + 1) * size), shape);
        const actual = from(Array.from(logits.subarray(row * CLASSES, (row + 1) * CLASSES)));
        expect(actual).toHaveLength(expected.length);
        actual.forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThanOrEqual(tolerance));
      }
      const gradient = classifier.vjp(batch, new Float32Array(ROWS * CLASSES).fill(1));
      if (blocked === undefined) expect((await gradient).gradient.some((value) => value !== 0)).toBe(true);
      else
        await expect(gradient).rejects.toMatchObject({
          key: 'GRADIENT_BLOCKED',
          message: expect.stringContaining(blocked),
        });
      await classifier.dispose();
    },
  );

  const refused: [string, Graph, Card | undefined, string, RegExp, RegExp][] = [
    [
      'an input of bytes',
      graphOf((b, x) => cnn(b, b.add('Cast', [x], { to: int(1) })), {
        inputType: 'uint8',
        outputType: 'float32',
      }),
      undefined,
      'MODEL_INVALID',
      /floating-point numbers, received x: uint8\[N, 3, 6, 6\]/,
      /card's `preprocessing`/,
    ],
    [
      'one score for two classes',
      graphOf((b, x) => b.add('Sigmoid', [dense(b, b.add('Flatten', [x]), 108, 1)])),
      undefined,
      'MODEL_INVALID',
      /has 1 value per example/,
      /\[0, score\]/,
    ],
    [
      'an open shape and no card',
      graphOf(cnn, { input: ['N', 3, 'h', 'w'] }),
      undefined,
      'MODEL_INVALID',
      /\[3, h, w\]/,
      /input\.shape/,
    ],
    [
      'two outputs that could be the logits',
      graphOf((b, x) => {
        b.output(b.add('Tanh', [cnn(b, x)]), 'float32', ['N', CLASSES]);
        return b.add('Relu', [dense(b, b.add('Flatten', [x]), 108)]);
      }),
      undefined,
      'MODEL_INVALID',
      /several outputs could be the logits; outputs are .*float32\[batch, 5\]/,
      /`output`/,
    ],
    [
      'an output the card misspells',
      graphOf((b, x) => b.addNamed('Relu', [cnn(b, x)], 'scores')),
      { output: 'score' },
      'CARD_INVALID',
      /"score", which is not in the model.*scores/,
      /Correct the field/,
    ],
    [
      'a batch that cannot be opened, under the output the card names',
      graphOf(
        (b, x) => {
          b.output(b.add('Relu', [dense(b, b.add('Reshape', [x, b.ints([1, 108])]), 108)]), 'float32', [
            1,
            CLASSES,
          ]);
          const largest = b.add('ReduceMax', [x], { axes: ints([0, 2, 3]), keepdims: int(0) });
          return b.addNamed('Reshape', [largest, b.ints([1, 3])], 'mixed');
        },
        { input: one },
      ),
      { output: 'mixed' },
      'MODEL_INVALID',
      /output "mixed"/,
      /dynamic_axes/,
    ],
  ];
  it.each(refused)('%s is refused, saying why', async (_name, graph, card, key, message, help) =>
    expect(load(writeOnnx(graph), card)).rejects.toMatchObject({
      ...{ key, message: expect.stringMatching(message) },
      help: expect.stringMatching(help),
    }),
  );
});
