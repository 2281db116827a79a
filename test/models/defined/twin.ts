import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { InputSpec } from '../../../src/classifier/classifier.js';
import { writeNpz } from '../../../src/data/npz.js';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH } from '../../../src/graph/ir.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import type { CodeModel } from '../../../src/models/defined/definition.js';
import { denseClassifier, type DenseLayer } from '../../../src/plugin/contract/classifiers.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { randomBatch } from '../../classifier/loaded.js';
import type { Served } from '../http/server.js';
import { randomFloats } from '../../fixtures/graphs.js';

export const SHAPE = [1, 6, 6];
export const CLASSES = 5;
export const COUNT = 20;
const INPUT: InputSpec = { shape: SHAPE, layout: 'NCHW', bounds: [0, 1] };
const SIZES = [36, 12, CLASSES];

/** Weights of a small network with tanh, row by row of outputs. */
const layers: readonly DenseLayer[] = [0, 1].map((index) => {
  const [inputs, outputs] = [SIZES[index]!, SIZES[index + 1]!];
  return {
    weights: Float64Array.from(randomFloats(40 + index, inputs * outputs), (value) => value * 0.9),
    bias: Float64Array.from(randomFloats(50 + index, outputs)),
  };
});
export const network = denseClassifier(layers, INPUT);

/** The network as a server computes it, one example at a time. */
export const servedTwin: Served = {
  shape: SHAPE,
  numClasses: CLASSES,
  scores: (example) =>
    layers.reduce<readonly number[]>(
      (values, { weights, bias }, index) =>
        Array.from(bias, (start, output) => {
          const sum = values.reduce(
            (total, value, i) => total + value * weights[output * values.length + i]!,
            start,
          );
          return index === layers.length - 1 ? sum : Math.tanh(sum);
        }),
      example,
    ),
};

const batchOf = (data: Float32Array, n: number) => ({
  ...{ shape: SHAPE, data },
  keys: Array.from({ length: n }, (_, i) => i),
});

/** The network as code, in float64, without gradients; everything else as given. */
export function gradientFree(changes: Partial<CodeModel> = {}): CodeModel {
  return {
    kind: 'code',
    id: 'twin',
    version: '1',
    input: { shape: SHAPE },
    numClasses: CLASSES,
    predict: (batch, n) => network.logits(batchOf(batch, n)),
    ...changes,
  };
}

/** The same with gradients. */
export const twin = (changes: Partial<CodeModel> = {}): CodeModel => ({
  ...gradientFree(),
  gradient: async (batch, n, cotangent) => (await network.vjp(batchOf(batch, n), cotangent)).gradient,
  ...changes,
});

/** A folder with the network as an ONNX file and images labelled as it sees them; gone after the tests. */
export async function twinFolder(): Promise<{
  readonly path: string;
  readonly model: string;
  readonly data: string;
}> {
  const path = mkdtempSync(join(tmpdir(), 'gauntlet-twin-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  const builder = new GraphBuilder({ name: 'twin', opsets: { '': 17 } });
  let value = builder.add('Flatten', [builder.input('x', 'float32', [BATCH, ...SHAPE])]);
  layers.forEach(({ weights, bias }, index) => {
    const [inputs, outputs] = [SIZES[index]!, SIZES[index + 1]!];
    const transposed = Float32Array.from(
      weights,
      (_value, at) => weights[(at % outputs) * inputs + Math.floor(at / outputs)]!,
    );
    const w = builder.initializer('w', floatTensor(transposed, [inputs, outputs]));
    const b = builder.initializer('b', floatTensor(Float32Array.from(bias), [outputs]));
    const product = builder.add('MatMul', [value, w]);
    value =
      index === 0
        ? builder.add('Tanh', [builder.add('Add', [product, b])])
        : builder.addNamed('Add', [product, b], 'logits');
  });
  builder.output('logits', 'float32', [BATCH, CLASSES]);
  const [model, data] = [join(path, 'native.onnx'), join(path, 'images.npz')];
  writeFileSync(model, writeOnnx(builder.build()));
  const images = randomBatch(5, COUNT, SHAPE);
  const labels = await network.predict(images);
  writeFileSync(
    data,
    writeNpz({
      x: floatTensor(images.data, [COUNT, ...SHAPE]),
      y: { type: 'int32', dims: [COUNT], data: labels },
    }),
  );
  return { path, model, data };
}
