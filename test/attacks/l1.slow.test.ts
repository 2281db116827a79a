import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fixtures } from '../fixtures/external.js';
import type { Ground } from './cells.js';
import { thirdPartyGround } from './third-party-ground.js';

const NEAREST = { kind: 'minimum', norm: 'l1' } as const;

/** Attacks that look for the nearest example in L1, each with at most 900 gradients and the rest it is used to. */
const SEARCHES = {
  fmn: { restarts: 5 },
  fab: { targets: 9 },
  ead: {},
} as const;

/**
 * Data, how many of the first examples, and whether the three find about the same. On the certified network they do not: FAB
 * finds adversarials at a third of the distance of the other two, which take many small changes for the way to few large ones.
 * AutoAttack takes half a minute on the convolutions: it runs on the dense networks alone.
 */
const MODELS = {
  'mnist-wong_convex_eps0.1': { data: 'mnist', count: 60, alike: false, autoattack: true },
  'mnist-fc_256x4': { data: 'mnist', count: 60, alike: true, autoattack: true },
  'cifar10-resnet_2b': { data: 'cifar10', count: 40, alike: true, autoattack: false },
} as const;

(fixtures === undefined ? describe.skip : describe).each(Object.entries(MODELS))(
  'in L1 on %s',
  (id, { data, count, alike, autoattack }) => {
    const indices = Array.from({ length: count }, (_value, i) => i);
    let ground: Ground;
    beforeAll(async () => {
      ground = await thirdPartyGround(id, data);
    });
    afterAll(() => ground.classifier.dispose());

    /** Of what is classified right, what is not fooled counting as infinitely far away. */
    async function medianOf(attack: string, parameters: object): Promise<number> {
      const cell = await ground.completed(attack, NEAREST, { indices, parameters: { ...parameters } });
      expect(cell.invalid).toBe(0);
      const found = cell.distances.flatMap((distance, row) =>
        cell.outcomes[row] === 'w' ? [] : [distance ?? Infinity],
      );
      const median = found.sort((a, b) => a - b)[(found.length - 1) >> 1]!;
      process.stderr.write(`${id}: ${attack} ${median.toFixed(4)}\n`);
      return median;
    }

    if (autoattack) {
      it('AutoAttack leaves at most 52 % within the median distance that FMN finds', async () => {
        const epsilon = await medianOf('fmn', {});
        const { clean, robust } = await ground.completed(
          'autoattack',
          { kind: 'lp', norm: 'l1', epsilon },
          { indices },
        );
        process.stderr.write(`${id}: AutoAttack leaves ${robust.correct} of ${clean.correct}\n`);
        expect(robust.correct / clean.correct).toBeLessThanOrEqual(0.52);
      });
    }

    if (!alike) return;
    it('FMN, FAB and EAD find examples whose median distances are within 10 % of the smallest', async () => {
      const medians: number[] = [];
      for (const [attack, parameters] of Object.entries(SEARCHES))
        medians.push(await medianOf(attack, parameters));
      expect(Math.max(...medians)).toBeLessThanOrEqual(1.1 * Math.min(...medians));
    });
  },
);
