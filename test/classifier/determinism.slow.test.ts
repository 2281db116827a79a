import { describe, it } from '@jest/globals';
import { createClassifier, type EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { fixtures } from '../fixtures/external.js';
import { differentiableModels, openThirdParty } from '../fixtures/third-party.js';
import { expectNoInfluence } from './company.js';
import { engine } from './loaded.js';

const SETUPS = [
  { threads: 1, engineBatch: 128 },
  { threads: 2, engineBatch: 7 },
  { threads: 4, engineBatch: 64 },
];

const suite = fixtures === undefined ? describe.skip : describe;

suite('the bits of logits, loss and gradient of an example (needs GAUNTLET_FIXTURES)', () => {
  it.each(Object.entries(differentiableModels))(
    'depend neither on its batch nor on threads for %s',
    async (id, source) => {
      const { model, read } = await openThirdParty(id, source);
      const opened: EngineClassifier[] = [];
      for (const setup of SETUPS) opened.push(await createClassifier(model, engine, setup));
      await expectNoInfluence(opened, await read(24), 4);
      await Promise.all(opened.map((classifier) => classifier.dispose()));
    },
  );
});
