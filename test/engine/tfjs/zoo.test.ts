import { beforeAll, describe, expect, it } from '@jest/globals';
import { attackModel } from '../../../src/api/attack-model.js';
import type { Engine } from '../../../src/engine/engine.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { loadModel } from '../../../src/models/load.js';
import { listZoo, resolveModel } from '../../../src/models/reference.js';
import { engine as native } from '../../classifier/loaded.js';
import { isInPackage, zooImages } from '../../fixtures/zoo-images.js';
import { differences, expectSame } from './witness.js';

const zoo = (await listZoo()).filter(({ id }) => isInPackage(id));
let second: Engine;
beforeAll(async () => {
  second = await createTfjsEngine('wasm');
});

describe.each(zoo.map(({ id }) => id))('%s of the zoo', (id) => {
  it.each(['ce', 'margin', 'dlr'])(
    'has the same logits and gradients of %s on both engines',
    async (loss) => {
      const model = await loadModel(await resolveModel(id), native);
      const batch = await zooImages(model, 24);
      expectSame(model, batch, await differences(model, second, batch, loss));
    },
  );
});

describe('adversarial examples found on one engine', () => {
  const request = {
    ...{ model: 'mnist-mlp-linpen', examples: 40, attack: 'pgd', parameters: { steps: 5 } },
    threat: { kind: 'lp', norm: 'linf', epsilon: 0.1 } as const,
  };

  it.each([
    ['TensorFlow.js', { engine: 'tfjs', backend: 'wasm' }, { engine: 'native' }, 'onnxruntime'],
    ['ONNX Runtime', { engine: 'native' }, { engine: 'tfjs', backend: 'cpu' }, 'tfjs/cpu'],
  ] as const)('(%s) fool the model on the other', async (_name, engine, verifyEngine, other) => {
    const { cell, verification } = await attackModel(request, { executor: 'inline', engine, verifyEngine });
    expect(cell).toMatchObject({ status: 'completed', flags: [] });
    const fooled =
      cell.status === 'completed' ? Array.from(cell.outcomes).filter((each) => each === 'f').length : 0;
    expect(fooled).toBeGreaterThan(5);
    expect(verification).toMatchObject({
      ...{ engine: { id: other }, examples: fooled, agreeing: fooled, disagreeing: [] },
    });
  });
});
