import { describe, expect, it } from '@jest/globals';
import { measureCorruptions } from '../../src/bench/corruptions.js';
import { renderCorruptions } from '../../src/cli/render/bench-corruptions.js';
import { severitiesOf } from '../../src/plugin/corruption.js';
import { listCorruptions, loadCorruption } from '../../src/plugin/registry.js';

const SHORT = { slice: 1, batchSize: 2 };

describe('timed corruptions', () => {
  it('are all that are built in, at all severities of one profile, on images of its size', async () => {
    const reports = await measureCorruptions({ ...SHORT, batchSize: 1 });
    expect(reports.map(({ corruption }) => corruption)).toEqual(
      listCorruptions().map(({ metadata }) => metadata.id),
    );
    for (const { corruption, profile, shape, severities, images, imagesPerSecond } of reports) {
      const plugin = await loadCorruption(corruption);
      expect(severities).toBe(severitiesOf(plugin, profile).length);
      expect(severities).toBeGreaterThan(0);
      expect(images).toBe(1);
      expect(profile === 'cifar' ? [3, 32, 32] : [1, 28, 28]).toEqual(shape);
      expect(imagesPerSecond).toBeGreaterThan(0);
    }
  });

  it('can be chosen, and are shown as a table', async () => {
    const reports = await measureCorruptions({ ...SHORT, corruptions: ['contrast'] });
    expect(renderCorruptions(reports)).toMatch(/^contrast +cifar +3 x 32 x 32 +5 +[\d,]+$/m);
  });

  it('stop when asked to, and are known', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(measureCorruptions({ ...SHORT, signal })).rejects.toThrow('enough');
    await expect(measureCorruptions({ ...SHORT, corruptions: ['contrsat'] })).rejects.toMatchObject({
      key: 'UNKNOWN_CORRUPTION',
    });
  });
});
