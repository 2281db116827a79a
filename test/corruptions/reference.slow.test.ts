import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { severitiesOf, type CorruptionSetting } from '../../src/plugin/corruption.js';
import { listCorruptions, loadCorruption } from '../../src/plugin/registry.js';
import { keyedStream } from '../../src/random/keyed.js';
import { fixtures } from '../fixtures/external.js';
import { boundOf } from './expected-parity.js';
import { goldenInput, goldenStatistics } from './golden.js';
import { levels } from './images.js';
import { measureParity, type Parity } from './parity.js';
import { renderParityPage } from './parity-page.js';

/** The published scripts' own output, in `golden/corruptions` of the fixtures; drawn.ts and expected-parity.ts have the tables. */
const onFixtures = fixtures === undefined ? describe.skip : describe;
const page = join(import.meta.dirname, '../../docs/corruptions.md');
const parity: Parity = await measureParity();
const CIFAR: CorruptionSetting = { profile: 'cifar', quirks: 'reference' };
const SEEDS = 200;
// Global lookups once per value show where tests run them.
const { abs, round } = Math;

onFixtures('against the published scripts (skipped without GAUNTLET_FIXTURES)', () => {
  it.each(parity.rows.map((row) => [row.corruption, row.profile, row.input, row.severity, row] as const))(
    '%s of %s, %s at severity %d is as near as the table demands',
    (_corruption, _profile, _input, _severity, row) => {
      const bound = boundOf(row);
      expect(row.maxDifference).toBeLessThanOrEqual(bound.maxDifference);
      expect(row.differingShare).toBeLessThanOrEqual(bound.differingShare);
    },
  );

  it('compares every built-in corruption of the published sets, but for those whose draws are not known', () => {
    const compared = new Set(parity.rows.map(({ corruption }) => corruption));
    const recorded = new Set([...compared, ...parity.unrecorded.map(({ corruption }) => corruption)]);
    expect([...recorded].filter((id) => !compared.has(id))).toEqual(['impulse_noise']);
  });

  it('is what docs/corruptions.md says', () => {
    const fresh = renderParityPage(parity);
    if (process.env.UPDATE_GENERATED === '1') writeFileSync(page, fresh);
    expect(readFileSync(page, 'utf8')).toBe(fresh);
  });
});

/** Those that need pictures of the user's are not here. */
const built = new Set(
  listCorruptions().flatMap(({ metadata }) => (metadata.needs === undefined ? [metadata.id] : [])),
);
const statistics = Object.entries(goldenStatistics()).filter(([id]) => built.has(id));

(statistics.length === 0 ? describe.skip : describe)('over 200 seeds', () => {
  it.each(statistics)('%s changes an image as much as the published script does', async (id, references) => {
    const plugin = await loadCorruption(id);
    const image = goldenInput('real32');
    const clean = levels(image.data);
    for (const reference of references) {
      const parameters = severitiesOf(plugin, 'cifar')[reference.severity - 1]!;
      let [absolute, signed] = [0, 0];
      for (let key = 0; key < SEEDS; key++) {
        const drawn = plugin.sample(keyedStream(0, key, id), parameters, image.shape, CIFAR);
        const corrupted = plugin.apply(image, drawn, parameters, CIFAR);
        for (let i = 0; i < clean.length; i++) {
          const difference = round(corrupted[i]! * 255) - clean[i]!;
          absolute += abs(difference) / clean.length / SEEDS;
          signed += difference / clean.length / SEEDS;
        }
      }
      // Both means are over as many seeds, hence the square root of two.
      const within = (deviation: number): number => (4 * Math.SQRT2 * deviation) / Math.sqrt(SEEDS);
      expect(Math.abs(absolute - reference.mean_abs)).toBeLessThan(within(reference.mean_abs_sd_over_seeds));
      expect(Math.abs(signed - reference.mean_diff)).toBeLessThan(within(reference.mean_diff_sd));
    }
  });
});
