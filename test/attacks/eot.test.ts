import { describe, expect, it } from '@jest/globals';
import eot from '../../attacks/eot.js';
import pgd from '../../attacks/pgd.js';
import { costOf } from '../../src/plugin/cost.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { loadAttack } from '../../src/plugin/registry.js';
import { attackContract } from '../../src/plugin/testing.js';

const parametersOf = (given: object) => resolveParameters(eot.parameters, { ...given }, 'eot');
const attack = await loadAttack('eot');
const MODEL = { numClasses: 10 };
const costOfEot = (given: object) => costOf(attack, parametersOf(given), MODEL, loadAttack);

describe('EOT', () => {
  it('costs what its inner attack does, once per draw', async () => {
    const inner = pgd.metadata.cost(
      resolveParameters(pgd.parameters, { steps: 7, restarts: 3, earlyLeave: false }, 'pgd'),
      MODEL,
      [],
    );
    expect(await costOfEot({ parameters: { steps: 7, restarts: 3 }, draws: 5 })).toEqual({
      forward: 5 * inner.forward,
      gradient: 5 * inner.gradient,
    });
  });

  it('refuses parameters its inner attack does not have', async () => {
    await expect(costOfEot({ parameters: { stpes: 7 } })).rejects.toThrow(/stpes/);
    expect(() => parametersOf({ attack: 'no-such' })).toThrow(/attack/);
  });

  for (const attack of ['pgd', 'apgd']) {
    describe(`around ${attack}`, () => {
      const parameters = { attack, parameters: attack === 'pgd' ? { steps: 20 } : { steps: 25 }, draws: 2 };
      for (const check of attackContract(eot, { parameters })) it(check.name.slice(4), check.run);
    });
  }
});
