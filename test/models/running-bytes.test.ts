import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { openModel } from '../../src/models/model-file.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { write } from './tfjs/saved.js';

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-running-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Inputs and classes of a linear classifier. */
const [WIDTH, CLASSES] = [2000, 10];
const COUNT = WIDTH * CLASSES;

/** A linear classifier whose matrix is stored so. */
function onnx(weight: Tensor): string {
  const builder = new GraphBuilder({ name: 'linear', opsets: { '': 17 } });
  const type = weight.type === 'float16' ? 'float16' : 'float32';
  const x = builder.input('x', type, [BATCH, WIDTH]);
  const stored = builder.initializer('w', weight);
  const matrix =
    weight.type === 'int8' ? builder.add('DequantizeLinear', [stored, builder.scalar(0.1)]) : stored;
  builder.addNamed('MatMul', [x, matrix], 'y');
  builder.output('y', type, [BATCH, CLASSES]);
  const path = join(folder, `${weight.type}.onnx`);
  writeFileSync(path, writeOnnx(builder.build()));
  return path;
}

function sizesOf(path: string): { size: number; running: number } {
  const file = openModel(path);
  file.close();
  return { size: file.size, running: file.running };
}

const dims = [WIDTH, CLASSES];
const weights: readonly Tensor[] = [
  { type: 'int8', dims, data: new Int8Array(COUNT) },
  { type: 'float16', dims, data: new Uint16Array(COUNT) },
];

describe('the bytes of a model while it runs', () => {
  it.each(weights)('are those of float32 weights where ONNX has them as $type', (weight) => {
    const { size, running } = sizesOf(onnx(weight));
    expect(size).toBeLessThan(2.2 * COUNT);
    expect(running).toBeGreaterThanOrEqual(4 * COUNT);
    expect(running).toBeLessThan(4 * COUNT + 100);
  });

  it('are those of the file where its weights are float32', () => {
    const { size, running } = sizesOf(onnx({ type: 'float32', dims, data: new Float32Array(COUNT) }));
    expect(running).toBe(size);
  });

  it('are four times those of the quantized weights of a TensorFlow.js model', () => {
    const layer = { name: 'scores', units: CLASSES, use_bias: false, batch_input_shape: [null, WIDTH] };
    const path = write({
      topology: { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense', config: layer }] } },
      weightSpecs: [
        {
          ...{ name: 'scores/kernel', shape: dims, dtype: 'float32' },
          quantization: { dtype: 'uint8', scale: 0.1, min: -1 },
        },
      ],
      weightData: new Uint8Array(COUNT),
    });
    const { size, running } = sizesOf(path);
    expect(size).toBeLessThan(1.2 * COUNT);
    expect(running).toBe(4 * COUNT);
  });
});
