import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { importPlugin } from '../../src/plugin/load.js';
import { attackContract } from '../../src/plugin/testing.js';

/** Test plugins that keep the contract, one per shape it promises. */
const shapes = [
  'composite',
  'fitted',
  'box-corners',
  'targeted-step',
  'transfer',
  'shrink',
  'random-signs',
  'shift',
  'stamp',
];

for (const shape of shapes) {
  const attack = await importPlugin(join(import.meta.dirname, '../fixtures/plugins', `${shape}.mjs`));
  describe(`the ${shape} fixture`, () => {
    for (const check of attackContract(attack)) it(check.name.slice(shape.length + 1), check.run);
  });
}
