import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { readExamples } from '../../src/evaluate/inputs.js';
import { judge } from '../../src/evaluate/judge.js';
import { localServices, type LocalServices } from '../../src/evaluate/local-services.js';
import { resolveModel } from '../../src/models/reference.js';
import { fixtures } from '../fixtures/external.js';
import { runBuiltin } from './run.js';

/**
 * FAB-T alone against AutoAttack: against its FAB-T run alone on the first 50 images (figures from the fixtures' README), and
 * against what its cascade leaves up to and including FAB-T.
 */
const folder = fixtures ?? '';
const goldens = join(folder, 'golden/attacks');
const cases = [
  ['mnist-wong_convex_eps0.1', 'L2_1.5000', 21],
  ['mnist-fast_pgd_madry_eps0.3', 'L2_2.0000', 49],
] as const;
/** The cascade has run APGD before. */
const BEHIND_THE_CASCADE = 1;

interface Golden {
  readonly autoattack: Readonly<
    Record<
      string,
      {
        readonly eps: number;
        readonly stages: Readonly<Record<string, { readonly 'robust_flags_1=robust': string }>>;
      }
    >
  >;
}

const present = fixtures !== undefined && existsSync(goldens);
const describeWithFixtures = present ? describe : describe.skip;

describeWithFixtures.each(cases)('fab-targeted on %s, %s', (model, row, fooledAlone) => {
  let services: LocalServices;
  let classifier: Classifier;

  beforeAll(async () => {
    services = await localServices({ threads: 2 });
    classifier = await services.classifier(await resolveModel(join(folder, 'models', `${model}.onnx`)));
  });
  afterAll(() => services.dispose());

  const goldenOf = () =>
    (JSON.parse(readFileSync(join(goldens, `${model}.json`), 'utf8')) as Golden).autoattack[row]!;

  it('with `compat: autoattack` fools as many as the reference', async () => {
    const { robust, passes } = await attack(50, { compat: 'autoattack', searchSteps: 0 });
    expect(50 - robust).toBeGreaterThanOrEqual(fooledAlone);
    for (const { forward } of passes) expect(forward).toBeLessThanOrEqual(9 * 200);
  });

  it('leaves what the cascade leaves, or fewer, with no more passes', async () => {
    const { robust, passes } = await attack(100, {});
    const flags = goldenOf().stages['fab-t']!['robust_flags_1=robust'].slice(0, 100);
    const expected = Array.from(flags).filter((flag) => flag === '1').length;
    expect(robust).toBeLessThanOrEqual(expected + BEHIND_THE_CASCADE);
    for (const { gradient, forward } of passes) {
      expect(gradient).toBeLessThanOrEqual(9 * 100);
      expect(forward).toBeLessThanOrEqual(2 + 9 + 4);
    }
  });

  /** Examples left as the judge sees them, and what each cost. */
  async function attack(count: number, parameters: object) {
    const indices = Array.from({ length: count }, (_, i) => i);
    const data = { source: 'mnist', split: 'test', dataDir: join(folder, 'data'), fingerprint: '' } as const;
    const batch = await readExamples(services, { ...data, indices }, indices, classifier);
    const threat = { kind: 'lp', norm: 'l2', epsilon: goldenOf().eps } as const;
    const goal = { kind: 'untargeted' } as const;
    const found = await runBuiltin('fab-targeted', classifier, { batch, threat, goal }, { ...parameters });
    const proposal = { kind: 'examples', data: found.data } as const;
    const { judgements } = await judge(classifier, batch, threat, goal, proposal);
    return { robust: judgements.filter(({ outcome }) => outcome === 'robust').length, passes: found.passes };
  }
});
