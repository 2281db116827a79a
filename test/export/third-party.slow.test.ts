import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exportGraph } from '../../src/export/export.js';
import { loadModel } from '../../src/models/load.js';
import { resolveModel } from '../../src/models/reference.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { engine } from '../classifier/loaded.js';
import { fixtures } from '../fixtures/external.js';
import { differentiableModels, openThirdParty } from '../fixtures/third-party.js';
import { answersInTfjs, answersOf, differenceBetween, examplesOf, forExport } from './exported.js';

const IMAGES = 10;
const VIT = 'cifar10-vit_pgd_2_3_16';
const models = Object.entries(differentiableModels).filter(([id]) => id !== VIT);

(fixtures === undefined ? describe.skip : describe)('a model made elsewhere', () => {
  it.each(models)(
    '%s has its logits on test images as layers in TensorFlow.js, and as ONNX',
    async (id, source) => {
      const { model, read } = await openThirdParty(id, source);
      const { data, shape } = await read(IMAGES);
      const images = floatTensor(data, [IMAGES, ...shape]);
      const expected = await answersOf(model, images);
      const layers = await exportGraph(model, 'tfjs-layers', undefined, engine, 'test');
      const found = await answersInTfjs(layers, forExport(images, model, layers));
      expect(differenceBetween(found, expected)).toBeLessThan(1e-5);
      const onnx = await exportGraph(model, 'onnx', undefined, engine, 'test');
      expect(onnx.difference).toBeLessThan(1e-6);
    },
  );

  it('that is a transformer is refused as layers and written as ONNX', async () => {
    const { model } = await openThirdParty(VIT, differentiableModels[VIT]);
    await expect(exportGraph(model, 'tfjs-layers', undefined, engine, 'test')).rejects.toMatchObject({
      key: 'EXPORT_UNSUPPORTED',
    });
    expect((await exportGraph(model, 'onnx', undefined, engine, 'test')).difference).toBeLessThan(1e-6);
  });

  it('that TensorFlow.js itself saved (MobileNet v2) comes back as layers of the same logits', async () => {
    const path = join(fixtures!, 'models/tfjs-nsfwjs_mobilenet_v2/model.json');
    const model = await loadModel(await resolveModel(path), engine);
    const again = await exportGraph(model, 'tfjs-layers', undefined, engine, 'test');
    expect(again.input).toEqual({ shape: [224, 224, 3], layout: 'NHWC', bounds: [0, 1] });
    const image = examplesOf(model, 1);
    const found = await answersInTfjs(again, image);
    expect(differenceBetween(found, await answersOf(model, image))).toBeLessThan(1e-5);
    const onnx = await exportGraph(model, 'onnx', undefined, engine, 'test');
    expect(onnx.difference).toBeLessThan(1e-6);
  });
});
