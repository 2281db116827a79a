import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../src/graph/builder.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { elementCount, floatTensor } from '../../src/tensor/tensor.js';

const WIDTH = 4096;
const PIXELS = 784;

/** A perceptron of some 210 MB. */
function largeModel(): Uint8Array {
  const builder = new GraphBuilder({ name: 'large', opsets: { '': 17 } });
  const weights = (dims: number[]): string => {
    const data = new Float32Array(elementCount(dims));
    for (let i = 0; i < data.length; i++) data[i] = (((i * 7919) % 2003) / 1001.5 - 1) / Math.sqrt(dims[0]!);
    return builder.initializer('w', floatTensor(data, dims));
  };
  let value = builder.input('x', 'float32', ['N', PIXELS]);
  for (const width of [PIXELS, WIDTH, WIDTH, WIDTH])
    value = builder.add('Relu', [builder.add('MatMul', [value, weights([width, WIDTH])])]);
  builder.output(builder.add('MatMul', [value, weights([WIDTH, 10])]), 'float32', ['N', 10]);
  return writeOnnx(builder.build());
}

/** Runs in a process of its own, because a process never gives back its peak. */
const SCRIPT = `
  import { openClassifier } from ${JSON.stringify(resolve('dist/src/index.js'))};
  import { createOnnxRuntimeEngine } from ${JSON.stringify(resolve('dist/src/engine/onnxruntime/engine.js'))};
  const peak = () => process.resourceUsage().maxRSS * 1024;
  await createOnnxRuntimeEngine();
  const before = peak();
  const classifier = await openClassifier(process.argv[1]);
  const loaded = peak();
  const batch = { shape: [${PIXELS}], keys: [0], data: new Float32Array(${PIXELS}).fill(0.5) };
  await classifier.lossGradient(batch, { labels: Int32Array.of(3), loss: 'ce' });
  console.log(JSON.stringify({ before, loaded, derived: peak() }));
`;

describe('a model of 200 MB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-large-'));
  const path = join(folder, 'large.onnx');
  beforeAll(() => writeFileSync(path, largeModel()));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('needs at most 3.2 times its size to be loaded, and 5.5 times with a gradient', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      SCRIPT,
      path,
    ]);
    const { before, loaded, derived } = JSON.parse(stdout) as Record<'before' | 'loaded' | 'derived', number>;
    const { size } = statSync(path);
    expect((loaded - before) / size).toBeLessThan(3.2);
    expect((derived - before) / size).toBeLessThan(5.5);
  });
});
