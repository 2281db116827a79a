import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { loadModel } from '../../../src/models/load.js';
import { listZoo, resolveModel } from '../../../src/models/reference.js';
import { engine as native } from '../../classifier/loaded.js';
import { isInPackage, zooImages } from '../../fixtures/zoo-images.js';
import { differences, expectSame } from './witness.js';

/** The reference that tells kinks from errors is slow on convolutions. */
const IMAGES = 6;

const zoo = (await listZoo()).map(({ id }) => id).filter((id) => !isInPackage(id));

describe('the models of the zoo that do not come with the package', () => {
  let second: Engine;
  beforeAll(async () => {
    second = await createTfjsEngine('wasm');
  });

  it('are there', () => expect(zoo).not.toEqual([]));

  it.each(zoo)('%s has the same logits and gradients on both engines', async (id) => {
    const model = await loadModel(await resolveModel(id), native);
    const batch = await zooImages(model, IMAGES);
    expectSame(model, batch, await differences(model, second, batch, 'ce'));
  });
});
