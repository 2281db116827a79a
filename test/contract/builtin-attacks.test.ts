import { describe, it } from '@jest/globals';
import { listAttacks, loadAttack } from '../../src/plugin/registry.js';
import { attackContract } from '../../src/plugin/testing.js';

for (const { metadata } of listAttacks()) {
  const attack = await loadAttack(metadata.id);
  describe(metadata.id, () => {
    for (const check of attackContract(attack)) it(check.name.slice(metadata.id.length + 1), check.run);
  });
}
