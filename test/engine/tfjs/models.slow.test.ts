import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openClassifier } from '../../../src/api/open-classifier.js';
import type { Engine } from '../../../src/engine/engine.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { keyedStream } from '../../../src/random/keyed.js';
import { fixtures } from '../../fixtures/external.js';
import { differentiableModels, openThirdParty } from '../../fixtures/third-party.js';
import { differences, expectSame } from './witness.js';

const describeFixtures = fixtures === undefined ? describe.skip : describe;

describeFixtures('models of others', () => {
  let second: Engine;
  beforeAll(async () => {
    second = await createTfjsEngine('wasm');
  });

  it.each(Object.entries(differentiableModels))(
    '%s has the same logits and gradients on both engines',
    async (id, source) => {
      const { model, read } = await openThirdParty(id, source);
      const batch = await read(3);
      expectSame(model, batch, await differences(model, second, batch, 'margin'));
    },
  );
});

describeFixtures('MobileNet V2 of NSFW JS', () => {
  it('has the same logits on both engines', async () => {
    const path = join(fixtures!, 'models', 'tfjs-nsfwjs_mobilenet_v2');
    const shape = [224, 224, 3];
    const data = keyedStream(0, 0, 'test').fillUniform(new Float32Array(224 * 224 * 3));
    const logits: Float32Array[] = [];
    for (const engine of [{ engine: 'native' }, { engine: 'tfjs', backend: 'wasm' }] as const) {
      const classifier = await openClassifier(path, { engine, threads: 1 });
      logits.push(await classifier.logits({ shape, data, keys: [0] }));
      await classifier.dispose();
    }
    const [ours, theirs] = logits as [Float32Array, Float32Array];
    const scale = Math.max(1, ...ours.map(Math.abs));
    for (const [k, logit] of ours.entries()) expect(Math.abs(logit - theirs[k]!) / scale).toBeLessThan(1e-5);
  });
});
