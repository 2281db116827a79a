import { afterAll, describe, expect, it } from '@jest/globals';
import { unpackWitnesses } from '../../src/evaluate/witnesses.js';
import { listAttacks, listComposites } from '../../src/plugin/registry.js';
import type { Norm } from '../../src/plugin/threat.js';
import { distance } from '../../src/tensor/norms.js';
import { zooGraph } from '../fixtures/graph-ends.js';
import { groundOf } from './cells.js';

/** Not representable in binary, and large enough to fool some digits: with few passes, or none, some attacks need more. */
const EPSILON: Readonly<Record<Norm, number>> = { linf: 0.1, l2: 1.3, l1: 6.7, l0: 25 };
const TIMES: Readonly<Record<string, number>> = {
  ...{ boundary: 4, 'carlini-wagner': 2, hopskipjump: 4, nes: 4, simba: 2, spsa: 4, universal: 2 },
  ...{ 'contrast-reduction': 8, 'gaussian-noise': 8, 'salt-and-pepper': 4, 'uniform-noise': 8 },
};
/** In L1 noise is spread over all pixels, and fading moves each a little. */
const TIMES_IN_L1 = 4;
const LOUD = new Set(['contrast-reduction', 'gaussian-noise', 'uniform-noise']);
/** As in the promise: of the budget, in float64. */
const ROUNDING = 1e-7;
/** For those that ask thousands of times by default. */
const SHORTER: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  spsa: { steps: 40, samples: 64 },
  nes: { steps: 10, samples: 16 },
  simba: { steps: 400 },
  hopskipjump: { queries: 400 },
  boundary: { queries: 400 },
  square: { queries: 200 },
  ead: { searches: 4, steps: 50 },
  'carlini-wagner': { searches: 6, steps: 50 },
};

const ground = await groundOf(zooGraph('mnist-mlp-nopen'));
/** Easy ones: what survives costs most. */
const indices = [2, 4, 5];
afterAll(() => ground.classifier.dispose());

const cases = [...listAttacks(), ...listComposites()].flatMap(({ metadata }) =>
  metadata.threats.includes('lp') && !('surrogate' in metadata && metadata.surrogate === true)
    ? metadata.norms.map((norm): [string, Norm] => [metadata.id, norm])
    : [],
);

describe('every adversarial that a cell keeps', () => {
  it.each(cases)(
    'of %s in %s is within the budget, measured in float64, and a digit',
    async (attack, norm) => {
      const more = norm === 'l1' && LOUD.has(attack) ? TIMES_IN_L1 : 1;
      const epsilon = EPSILON[norm] * (TIMES[attack] ?? 1) * more;
      const parameters = SHORTER[attack] ?? {};
      const { cell, witnesses } = await ground.run(
        attack,
        { kind: 'lp', norm, epsilon },
        { parameters, indices },
      );
      if (cell.status !== 'completed') throw new Error(cell.reason.message);
      const kept = witnesses === null ? [] : unpackWitnesses(witnesses.bytes, witnesses.entry);
      const stored = cell.distances.filter((_distance, row) => cell.outcomes[row] === 'f');
      expect(kept.length).toBeGreaterThan(0);
      expect(kept).toHaveLength(stored.length);
      kept.forEach(({ clean, adversarial }, i) => {
        const measured = distance(norm, Float64Array.from(clean), Float64Array.from(adversarial));
        expect(measured).toBe(stored[i]);
        expect(measured).toBeLessThanOrEqual(epsilon * (1 + ROUNDING));
        expect(adversarial.every((value) => value >= 0 && value <= 1)).toBe(true);
      });
    },
  );
});
