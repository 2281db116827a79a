import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { BATCH } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { loadModel } from '../../src/models/load.js';
import { resolveModel } from '../../src/models/reference.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { randomMlp } from '../fixtures/graphs.js';
import { engine } from '../classifier/loaded.js';
import { dense } from './dense.js';

describe('a model file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gauntlet-load-'));
  });
  const save = async (name: string, content: Uint8Array): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const load = async (path: string) => loadModel(await resolveModel(path), engine);

  it('loads with its identity and size', async () => {
    const content = writeOnnx(randomMlp(1, [6, 4]));
    const model = await load(await save('good.onnx', content));
    expect(model).toMatchObject({ id: 'good', bytes: content.length, numClasses: 4, softmaxRemoved: false });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('cut short is unreadable, wherever the cut', async () => {
    const content = writeOnnx(randomMlp(2, [6, 4]));
    for (const part of [0, 0.1, 0.5, 0.9]) {
      const path = await save('cut.onnx', content.subarray(0, Math.floor(part * content.length)));
      await expect(load(path)).rejects.toMatchObject({
        key: 'MODEL_UNREADABLE',
        message: expect.stringContaining(path),
      });
    }
  });

  it('with weights that are not finite is refused, naming the tensor', async () => {
    const graph = randomMlp(3, [6, 4]);
    const [name, weights] = [...graph.initializers][0]!;
    const data = Float32Array.from(weights.data as Float32Array);
    data[5] = NaN;
    const diverged = {
      ...graph,
      initializers: new Map(graph.initializers).set(name, floatTensor(data, weights.dims)),
    };
    await expect(load(await save('nan.onnx', writeOnnx(diverged)))).rejects.toMatchObject({
      key: 'MODEL_WEIGHTS',
      message: expect.stringContaining(`"${name}"`),
    });
  });

  it('with an operator no engine knows is refused, naming it', async () => {
    const graph = dense([BATCH, 6], 3, (builder, scores) => {
      builder.addNamed('Frobnicate', [scores], 'y');
      builder.output('y', 'float32', [BATCH, 3]);
    });
    const error = load(await save('unknown.onnx', writeOnnx(graph)));
    await expect(error).rejects.toMatchObject({
      code: expect.stringMatching(/^GAUNTLET_E_/),
      message: expect.stringContaining('Frobnicate'),
    });
  });

  it('that changed since it was resolved is refused', async () => {
    const path = await save('changing.onnx', writeOnnx(randomMlp(4, [6, 4])));
    const reference = await resolveModel(path);
    await save('changing.onnx', writeOnnx(randomMlp(5, [6, 4])));
    await expect(loadModel(reference, engine)).rejects.toMatchObject({ key: 'MODEL_INVALID' });
  });
});
