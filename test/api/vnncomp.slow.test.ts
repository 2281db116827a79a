import { afterAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { attackModel } from '../../src/api/attack-model.js';
import { readVnnlib } from '../../src/data/vnnlib.js';
import { localServices } from '../../src/evaluate/local-services.js';
import { resolveModel } from '../../src/models/reference.js';
import { DEFAULT_ATTACK } from '../../src/cli/attack-flags.js';
import { fixtures } from '../fixtures/external.js';
import {
  instanceRequest,
  storedCounterexample,
  vnncompInstances,
  type Instance,
} from '../fixtures/vnncomp.js';

/** Boxes hold doubles, counterexamples are printed with about that many digits, models run in float32. */
const TOLERANCE = 1e-6;
const INSTANCES = fixtures === undefined ? [] : vnncompInstances();
const of = (verdict: Instance['verdict']) => INSTANCES.filter((one) => one.verdict === verdict);

(fixtures === undefined ? describe.skip : describe)('instances of the verification competition', () => {
  const found: string[] = [];
  // The figures are for whoever reads the log; an attack's strength is judged elsewhere.
  afterAll(() => {
    process.stderr.write(found.map((line) => `${line}\n`).join(''));
  });

  async function broken(
    instances: readonly Instance[],
    attack: string,
    parameters: object,
  ): Promise<string[]> {
    const names: string[] = [];
    for (const instance of instances) {
      const request = { ...(await instanceRequest(instance)), attack, parameters: { ...parameters } };
      const { cell } = await attackModel(request, { executor: 'inline' });
      expect(cell).toMatchObject({ status: 'completed', n: 1, invalid: 0 });
      if (cell.status === 'completed' && cell.outcomes !== 'r') names.push(instance.vnnlib);
    }
    return names;
  }

  it('name the same label or target as the reference reading of every file', async () => {
    for (const { vnnlib, label, kind } of INSTANCES) {
      const { property, lower, upper } = await readVnnlib(join(fixtures!, vnnlib));
      if (kind === 'untargeted') expect(property).toEqual({ kind: 'untargeted', label });
      else expect(property.kind).toBe('targeted');
      expect(lower.every((value, i) => value <= upper[i]!)).toBe(true);
    }
  }, 300_000);

  it('whose counterexample is stored are misclassified there', async () => {
    const services = await localServices();
    try {
      const instances = of('sat-verified');
      expect(instances).toHaveLength(15);
      for (const instance of instances) {
        const { model, card, ownUnits } = await instanceRequest(instance);
        const classifier = await services.classifier(
          await resolveModel(model, { card: card!, ownUnits: ownUnits! }),
        );
        const { lower, upper } = await readVnnlib(join(fixtures!, instance.vnnlib));
        const point = storedCounterexample(instance.witnessFile!);
        expect(point).toHaveLength(lower.length);
        point.forEach((value, i) => {
          expect(value >= lower[i]! - TOLERANCE && value <= upper[i]! + TOLERANCE).toBe(true);
        });
        const batch = { shape: classifier.input.shape, data: Float32Array.from(point), keys: [0] };
        const [predicted] = await classifier.predict(batch);
        expect({ vnnlib: instance.vnnlib, fooled: predicted !== instance.label }).toEqual({
          vnnlib: instance.vnnlib,
          fooled: true,
        });
      }
    } finally {
      await services.dispose();
    }
  }, 120_000);

  it.each([
    ['sat-verified', 15, 15],
    ['sat-consensus', 33, 35],
  ] as const)(
    'that are %s break under the cascade: at least %i of %i',
    async (verdict, least, count) => {
      const instances = of(verdict);
      expect(instances).toHaveLength(count);
      const names = await broken(instances, DEFAULT_ATTACK, {});
      found.push(`${DEFAULT_ATTACK}, ${verdict}: ${names.length} of ${count} broken`);
      expect(names.length).toBeGreaterThanOrEqual(least);
    },
    600_000,
  );

  it('that are proved safe never break: every third of them, the script takes all', async () => {
    const safe = of('unsat-consensus');
    expect(safe).toHaveLength(167);
    const instances = safe.filter((_instance, i) => i % 3 === 0);
    expect(await broken(instances, 'pgd', { loss: 'margin', steps: 40, restarts: 2 })).toEqual([]);
  }, 900_000);
});
