import { describe, expect, it } from '@jest/globals';
import { replayCorruption } from '../../src/evaluate/replay-corruption.js';
import { completed } from './completed.js';
import { built, noise } from './corruption-plugins.js';
import { world } from './world.js';

describe('replaying a corruption cell', () => {
  const model = { id: 'linear', path: 'memory', sha256: 'a'.repeat(64) };

  it('makes every image again and finds the same outcomes', async () => {
    const place = await world({ corruptions: built });
    const cell = await completed(place, noise);
    const replay = { model, plan: noise, services: place.services };
    expect(await replayCorruption(cell, replay)).toEqual({
      ...{ model: 'linear', entry: 'entry', of: 'corrupted-images' },
      ...{ witnesses: 40, verified: 40, failures: [] },
    });
  });

  it('names examples whose outcome is another', async () => {
    const place = await world({ corruptions: built });
    const cell = await completed(place, noise);
    const at = cell.outcomes.indexOf('f');
    const claimed = { ...cell, outcomes: cell.outcomes.replace('f', 'r') };
    const { verified, failures } = await replayCorruption(claimed, {
      model,
      plan: noise,
      services: place.services,
    });
    expect({ verified, failures }).toEqual({
      verified: 39,
      failures: [{ index: at, reason: 'ends as f, the cell says r' }],
    });
  });

  it('refuses images that are not those of the cell', async () => {
    const place = await world({ corruptions: built });
    const cell = await completed(place, noise);
    const other = { ...noise, parameters: { sigma: 0.31 } };
    await expect(
      replayCorruption(cell, { model, plan: other, services: place.services }),
    ).rejects.toMatchObject({
      key: 'WITNESS_INVALID',
    });
  });
});
