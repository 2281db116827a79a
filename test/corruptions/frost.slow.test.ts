import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import frost from '../../corruptions/frost.js';
import { openTextures } from '../../src/data/textures.js';
import { severitiesOf, type CorruptionSetting } from '../../src/plugin/corruption.js';
import type { RandomStream } from '../../src/random/stream.js';
import { fixtures } from '../fixtures/external.js';
import { goldenInput, goldenStatistics } from './golden.js';
import { levels } from './images.js';
import { NumpyRandom } from './numpy-random.js';

const references = goldenStatistics().frost ?? [];
const SEEDS = 200;

(references.length === 0 ? describe.skip : describe)('frost (skipped without GAUNTLET_FIXTURES)', () => {
  it.each(references)(
    'with the published photographs and random numbers changes an image by the same at severity $severity',
    async (reference) => {
      const { images: textures } = await openTextures(join(fixtures!, 'data', 'frost'));
      const setting: CorruptionSetting = { profile: 'cifar', quirks: 'reference', textures };
      const parameters = severitiesOf(frost, 'cifar')[reference.severity - 1]!;
      const image = goldenInput('real32');
      const clean = levels(image.data);
      let [absolute, signed] = [0, 0];
      for (let seed = 0; seed < SEEDS; seed++) {
        // The script calls randint for the photograph, the row and the column, as the plugin calls its stream.
        const drawn = frost.sample(
          new NumpyRandom(seed) as unknown as RandomStream,
          parameters,
          image.shape,
          setting,
        );
        levels(frost.apply(image, drawn, parameters, setting)).forEach((level, i) => {
          absolute += Math.abs(level - clean[i]!) / clean.length / SEEDS;
          signed += (level - clean[i]!) / clean.length / SEEDS;
        });
      }
      expect(absolute).toBeCloseTo(reference.mean_abs, 3);
      expect(signed).toBeCloseTo(reference.mean_diff, 3);
    },
  );
});
