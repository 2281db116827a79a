import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeNpz } from '../../src/data/npz.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { floatTensor, type Tensor } from '../../src/tensor/tensor.js';

const GOOD_MODEL = resolve('zoo/mnist-mlp-linpen/model.onnx');

/** A linear classifier of flat inputs with the given weights [classes, size]; `extra` may spoil its logits. */
function linear(
  weights: Float32Array,
  size: number,
  extra?: (builder: GraphBuilder, logits: string) => string,
): Uint8Array {
  const classes = weights.length / size;
  const builder = new GraphBuilder({ name: 'linear', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', ['batch', size]);
  const w = builder.initializer('w', floatTensor(weights.slice(), [classes, size]));
  const product = builder.add('MatMul', [x, builder.add('Transpose', [w])]);
  const logits = extra === undefined ? product : extra(builder, product);
  builder.addNamed('Identity', [logits], 'logits');
  builder.output('logits', 'float32', ['batch', classes]);
  return writeOnnx(builder.build());
}

const ramp = (length: number) => Float32Array.from({ length }, (_value, i) => Math.sin(i));

const images = (n: number, shape: readonly number[]): Tensor => {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return {
    type: 'uint8',
    dims: [n, ...shape],
    data: Uint8Array.from({ length: n * size }, (_value, i) => i % 251),
  };
};

const labels = (n: number, classes = 2): Tensor => ({
  type: 'int32',
  dims: [n],
  data: Int32Array.from({ length: n }, (_value, i) => i % classes),
});

/** Files that are wrong, or that make trouble, each in its own way; by file name. */
const FILES: Readonly<Record<string, () => Uint8Array | string>> = {
  'truncated.onnx': () => readFileSync(GOOD_MODEL).subarray(0, 5000),
  'text.onnx': () => 'this is no model',
  'nan-weights.onnx': () => linear(Float32Array.of(1, NaN, 0, 1), 2),
  'unknown-operator.onnx': () =>
    linear(ramp(2 * 784), 784, (builder, logits) => builder.add('Frobnicate', [logits])),
  'no-rule.onnx': () => linear(ramp(2 * 784), 784, (builder, logits) => builder.add('Round', [logits])),
  // The square root of a negative logit is not a number.
  'sometimes-nan.onnx': () => linear(ramp(2 * 784), 784, (builder, logits) => builder.add('Sqrt', [logits])),
  'other-shape.npz': () => writeNpz({ images: images(4, [1, 9, 9]), labels: labels(4) }),
  'short-labels.npz': () => writeNpz({ images: images(4, [1, 28, 28]), labels: labels(3) }),
  'good.npz': () => writeNpz({ images: images(8, [1, 28, 28]), labels: labels(8) }),
  'tab.yaml': () => 'id: x\nversion: 1\n\ttitle: y\n',
  'unknown-field.yaml': () =>
    readFileSync('suites/quick.yaml', 'utf8').replace('seed: 0', 'seed: 0\nsede: 1'),
  'not-a-plugin.mjs': () => 'export default { kind: "attack" };\n',
  'throws-at-import.mjs': () => 'throw new Error("boom");\n',
};

/** Writes all of them into a folder and returns the path of each. */
export function writeBadFiles(folder: string): (name: keyof typeof FILES) => string {
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content());
  return (name) => join(folder, name);
}
