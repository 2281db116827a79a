import { describe, expect, it } from '@jest/globals';
import { planCorruption } from '../../src/evaluate/plan-corruption.js';
import type { CorruptionPlugin } from '../../src/plugin/corruption.js';
import { corruptionOf, planOf } from './corruption-plugins.js';
import { world } from './world.js';

describe('planning a corruption', () => {
  const entry: Parameters<typeof planCorruption>[0] = {
    kind: 'corruption',
    id: 'dim',
    title: 'Dim',
    corruption: 'dim',
    severities: [1, 2],
    profile: 'mnist',
    quirks: 'fixed',
  };
  const dim = (severities: CorruptionPlugin['severities']): CorruptionPlugin => ({
    ...corruptionOf('dim', ({ data }) => data),
    severities,
  });

  it('takes the parameters of the profile, severity by severity', async () => {
    const { services } = await world({ corruptions: [dim({ cifar: [{}], mnist: [{ by: 1 }, { by: 2 }] })] });
    const planned = await planCorruption(entry, { services });
    expect(planned).toEqual(
      [1, 2].map((severity) => ({
        ...{ entry: `dim-${severity}`, title: `Dim, severity ${severity}` },
        plan: planOf('dim', { severity, parameters: { by: severity }, profile: 'mnist', quirks: 'fixed' }),
      })),
    );
  });

  it.each<[CorruptionPlugin['severities'], RegExp]>([
    [{ mnist: [{}] }, /dim has no severity 2 in the profile mnist; it has 1 to 1/],
    [{ cifar: [{}, {}] }, /dim has no severity 1 in the profile mnist; it has none there/],
  ])('refuses a severity that the profile lacks: %j', async (severities, message) => {
    const { services } = await world({ corruptions: [dim(severities)] });
    await expect(planCorruption(entry, { services })).rejects.toMatchObject({
      key: 'PARAMETER_INVALID',
      message: expect.stringMatching(message) as unknown,
    });
  });
});
