import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDataset } from '../../src/data/registry.js';
import { fixtures } from '../fixtures/external.js';
import type { Ground } from './cells.js';
import { thirdPartyGround } from './third-party-ground.js';

const ID = 'gtsrb-bnn_30';
const folder = fixtures ?? '';
/** The sample has ten signs of each of the 43 classes, in order: two of each. */
const SIGNS = Array.from({ length: 86 }, (_value, i) => 5 * i);

/** Signs, binary weights and binary activations: no exact gradient says anything, and the network has no other defence. */
(fixtures === undefined ? describe.skip : describe)('a binarised network for traffic signs', () => {
  let exact: Ground;
  let straight: Ground;

  beforeAll(async () => {
    const dataset = await openDataset({
      ...{ source: 'gtsrb', split: 'test', dataDir: join(folder, 'data') },
      resize: { size: [30, 30], filter: 'bicubic' },
    });
    exact = await thirdPartyGround(ID, dataset);
    straight = await thirdPartyGround(ID, dataset, { straightThrough: true });
  });
  afterAll(async () => {
    await Promise.all([exact, straight].map(({ classifier }) => classifier.dispose()));
  });

  it.each(['fgsm', 'pgd', 'apgd', 'fab', 'cascade'])(
    'is no target of %s without --straight-through',
    async (attack) => {
      const { cell } = await exact.run(attack, linf(4), { indices: [0, 5, 10] });
      expect(cell).toMatchObject({
        status: 'not-applicable',
        reason: { code: 'GAUNTLET_E_GRADIENT_BLOCKED' },
      });
    },
  );

  it('falls to PGD with straight-through gradients', async () => {
    expect(await share(straight, 'pgd', 8)).toBeLessThan(0.25);
  });

  it('falls to the cascade with straight-through gradients', async () => {
    expect(await share(straight, 'cascade', 8)).toBeLessThan(0.2);
  });

  it('falls to Square, which needs no gradient', async () => {
    expect(await share(exact, 'square', 8, { queries: 500 })).toBeLessThan(0.35);
  });

  /** Share of the signs seen right that an attack leaves. */
  async function share(ground: Ground, attack: string, levels: number, parameters = {}): Promise<number> {
    const { clean, robust, invalid } = await ground.completed(attack, linf(levels), {
      indices: SIGNS,
      parameters,
    });
    process.stderr.write(`${attack} at ${levels}/255: ${robust.correct} of ${clean.correct} are left\n`);
    expect(invalid).toBe(0);
    return robust.correct / clean.correct;
  }
});

const linf = (levels: number) => ({ kind: 'lp', norm: 'linf', epsilon: levels / 255 }) as const;
