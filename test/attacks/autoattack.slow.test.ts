import { describe, expect, it } from '@jest/globals';
import { zooGraph } from '../fixtures/graph-ends.js';
import { groundOf } from './cells.js';
import { excesses, NOMINAL } from './nominal-passes.js';

describe('AutoAttack plus', () => {
  it.each([
    ['linf', 0.07],
    ['l2', 0.8],
  ] as const)(
    'spends no more passes than the nominal schedule of the original in %s',
    async (norm, epsilon) => {
      const ground = await groundOf(zooGraph('mnist-mlp-nopen'));
      const threat = { kind: 'lp', norm, epsilon } as const;
      const cell = await ground.completed('autoattack', threat, { parameters: { version: 'plus' } });
      expect(cell.stages.map(({ attack }) => attack)).toEqual(NOMINAL.plus.map(([id]) => id));
      // What survives to the end costs thousands of passes.
      expect(cell.robust.correct).toBeGreaterThan(2);
      expect(cell.robust.correct).toBeLessThan(cell.clean.correct);
      expect(excesses(cell, 'plus')).toEqual([]);
    },
  );
});
