import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomFloats } from '../fixtures/graphs.js';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
afterAll(() => folder.remove());

/** A linear classifier of digits as TensorFlow.js saves it, in two shards. */
function writeModel(name: string, lastLayer = 'Dense'): string {
  const place = join(folder.path, name);
  mkdirSync(place);
  const weights = Buffer.from(randomFloats(3, 7850).buffer);
  writeFileSync(join(place, 'a.bin'), weights.subarray(0, 5001));
  writeFileSync(join(place, 'b.bin'), weights.subarray(5001));
  const layers = [
    { class_name: 'Flatten', config: { name: 'flat', batch_input_shape: [null, 28, 28, 1] } },
    { class_name: lastLayer, config: { name: 'scores', units: 10, activation: 'softmax' } },
  ];
  const specs = [
    { name: 'scores/kernel', shape: [784, 10], dtype: 'float32' },
    { name: 'scores/bias', shape: [10], dtype: 'float32' },
  ];
  writeFileSync(
    join(place, 'model.json'),
    JSON.stringify({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'digits', layers } },
      weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights: specs }],
    }),
  );
  return join(place, 'model.json');
}

describe('a TensorFlow.js model on the command line', () => {
  let model: string;
  beforeAll(() => {
    model = writeModel('digits');
  });

  it('is inspected', async () => {
    const json = await cli(['inspect', model, '--json']);
    expect({ status: json.status, stderr: json.stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      model: { id: 'digits', card: null },
      file: {
        format: 'tfjs-layers',
        parameters: { tensors: 2, count: 7850 },
        inputs: [{ name: 'flat_input', type: 'float32', shape: ['batch', 28, 28, 1] }],
        outputs: [{ name: 'scores', type: 'float32', shape: ['batch', 10] }],
      },
      classifier: {
        status: 'usable',
        input: { shape: [28, 28, 1], layout: 'NHWC', bounds: [0, 1] },
        numClasses: 10,
        softmaxRemoved: true,
        gradient: { status: 'passes' },
      },
    });
    const { stdout } = await cli(['inspect', model]);
    expect(stdout).toContain('TensorFlow.js layers, read as operator set 17');
  });

  it('is attacked, given by its file or its folder', async () => {
    const attack = async (path: string): Promise<Record<string, unknown>> => {
      const { status, stdout } = await cli([
        ...[
          'attack',
          path,
          '--attack',
          'pgd',
          '--data',
          'mnist',
          '--epsilon',
          '0.1',
          '--steps',
          '5',
          '--examples',
          '40',
        ],
        ...['--executor', 'inline', '--json'],
      ]);
      expect(status).toBe(0);
      return { ...(JSON.parse(stdout) as Record<string, unknown>), timing: null };
    };
    const [file, place] = [await attack(model), await attack(dirname(model))];
    expect(file).toMatchObject({ model: { id: 'digits' }, n: 40 });
    expect(place).toEqual(file);
  });

  it('is validated', async () => {
    const { status, stdout } = await cli(['validate', model]);
    expect(status).toBe(0);
    expect(stdout).toContain('is a model: input 28 x 28 x 1 (NHWC) in [0, 1], 10 classes');
  });

  it('takes part in a suite', async () => {
    const out = join(folder.path, 'run');
    const { status, stdout } = await cli([
      ...['run', 'quick', '--models', model, '--examples', '10', '--out', out, '--json'],
      ...['--executor', 'inline'],
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: [{ model: { id: 'digits' } }] });
  });

  it('of a layer that is unknown is refused in a sentence, without a stack', async () => {
    const { status, stdout, stderr } = await cli(['inspect', writeModel('custom', 'MyAttention')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('layer "scores" is of class MyAttention, which Gauntlet does not read');
    expect(stderr).toContain('GAUNTLET_E_LAYER_UNSUPPORTED');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
