import { describe, it } from '@jest/globals';
import { listAttacks, loadAttack } from '../../src/plugin/registry.js';
import { attackContract } from '../../src/plugin/testing.js';

/** For the attacks that take hundreds of passes by default: the rules are the same for fewer. */
const SHORTER: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  spsa: { steps: 10, samples: 32 },
  nes: { steps: 12, samples: 20 },
  simba: { steps: 150 },
  hopskipjump: { queries: 600 },
  boundary: { queries: 600 },
  spatial: { rotationSteps: 7, translationSteps: 3 },
  square: { queries: 300 },
  'salt-and-pepper': { steps: 150 },
  'uniform-noise': { draws: 30 },
  'carlini-wagner': { steps: 100 },
  ead: { steps: 80, searches: 6 },
};

for (const { metadata } of listAttacks()) {
  const attack = await loadAttack(metadata.id);
  const parameters = SHORTER[metadata.id] ?? {};
  describe(metadata.id, () => {
    for (const check of attackContract(attack, { parameters })) {
      it(check.name.slice(metadata.id.length + 1), check.run);
    }
  });
}
