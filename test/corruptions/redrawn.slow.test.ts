import { describe, expect, it } from '@jest/globals';
import { severitiesOf } from '../../src/plugin/corruption.js';
import { listCorruptions, loadCorruption } from '../../src/plugin/registry.js';
import { goldenCases } from './golden.js';
import { redrawn } from './redrawn.js';

const built = new Set(listCorruptions().map(({ metadata }) => metadata.id));
const recorded = goldenCases().filter(
  ({ corruption, draws }) => built.has(corruption) && draws !== undefined,
);

(recorded.length === 0 ? describe.skip : describe)(
  'draws made again (skipped without GAUNTLET_FIXTURES)',
  () => {
    it('are those that were recorded, wherever both are known', async () => {
      const compared = new Set<string>();
      for (const golden of recorded) {
        const parameters = severitiesOf(await loadCorruption(golden.corruption), golden.profile);
        const again = redrawn(golden, parameters[golden.severity - 1] as Record<string, number>);
        if (again === undefined) continue;
        compared.add(`${golden.profile} ${golden.corruption}`);
        expect(again).toHaveLength(golden.draws!.length);
        const largest = again.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - golden.draws![i]!)),
          0,
        );
        expect(largest).toBeLessThan(1e-12);
      }
      const redrawable = ['gaussian_noise', 'glass_blur', 'snow', 'spatter', 'speckle_noise'];
      expect([...compared].sort()).toEqual(
        ['cifar', 'mnist'].flatMap((profile) => redrawable.map((id) => `${profile} ${id}`)),
      );
    });
  },
);
