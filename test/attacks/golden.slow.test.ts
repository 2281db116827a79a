import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { attackContext } from '../../src/evaluate/context.js';
import { localServices, type LocalServices } from '../../src/evaluate/local-services.js';
import { judge } from '../../src/evaluate/judge.js';
import { readExamples } from '../../src/evaluate/inputs.js';
import { resolveModel } from '../../src/models/reference.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { loadAttack } from '../../src/plugin/registry.js';
import type { Threat } from '../../src/plugin/threat.js';
import type { LabelledBatch } from '../../src/tensor/batch.js';
import { fixtures } from '../fixtures/external.js';

/**
 * FGSM and PGD-40 against the success flags of a plain PyTorch loop (the recipe is in the fixtures' README): sum of
 * cross-entropies, step epsilon / 10, no random start, last iterate.
 */
const folder = fixtures ?? '';
const goldens = join(folder, 'golden/attacks');
const MODELS = ['mnist-wong_convex_eps0.1', 'mnist-fast_pgd_madry_eps0.3', 'mnist-fc_256x4'];
const EXAMPLES = 200;
/** Convolution kernels differ in the last bits; on a boundary that can flip one flag. */
const FLIPS = 1;

const plainLoop = {
  return: 'last',
  randomStart: false,
  zeroGradient: 'stay',
  earlyLeave: false,
  stepSize: 0.1,
  steps: 40,
};
const columns = {
  fgsm_linf: { id: 'fgsm', parameters: {}, strongest: null },
  pgd40_linf: { id: 'pgd', parameters: plainLoop, strongest: { randomStart: false } },
  pgd40_l2: { id: 'pgd', parameters: plainLoop, strongest: { randomStart: false } },
};

interface Golden {
  readonly deterministic: {
    readonly attacks: Readonly<
      Record<string, { readonly eps: number; readonly 'success_1=misclassified': string }>
    >;
  };
}

const present = fixtures !== undefined && existsSync(goldens);
const describeWithFixtures = present ? describe : describe.skip;

describeWithFixtures.each(present ? MODELS : ['no fixtures: GAUNTLET_FIXTURES is not set'])('%s', (model) => {
  let services: LocalServices;
  let classifier: Classifier;
  let batch: LabelledBatch;
  let attacks: Golden['deterministic']['attacks'];

  beforeAll(async () => {
    services = await localServices({ threads: 2 });
    classifier = await services.classifier(await resolveModel(join(folder, 'models', `${model}.onnx`)));
    const data = {
      source: 'mnist',
      split: 'test',
      dataDir: join(folder, 'data'),
      fingerprint: '',
    } as const;
    const indices = Array.from({ length: EXAMPLES }, (_, i) => i);
    batch = await readExamples(services, { ...data, indices }, indices, classifier);
    ({ attacks } = (
      JSON.parse(readFileSync(join(goldens, `${model}.json`), 'utf8')) as Golden
    ).deterministic);
  });
  afterAll(() => services.dispose());

  it.each(Object.entries(columns))(
    '%s fools what the reference fools',
    async (column, { id, parameters, strongest }) => {
      const { eps: epsilon, 'success_1=misclassified': expected } = attacks[column]!;
      const threat: Threat = { kind: 'lp', norm: column.endsWith('l2') ? 'l2' : 'linf', epsilon };

      const flags = await fooledBy(id, parameters, threat);
      expect(differences(flags, expected)).toBeLessThanOrEqual(FLIPS);

      if (strongest === null) return;
      const best = await fooledBy(id, strongest, threat);
      const missed = Array.from(expected).filter((flag, i) => flag === '1' && best[i] === '0').length;
      expect(missed).toBeLessThanOrEqual(FLIPS);
    },
  );

  async function fooledBy(id: string, given: Record<string, unknown>, threat: Threat): Promise<string> {
    const attack = await loadAttack(id);
    const goal = { kind: 'untargeted' } as const;
    const context = attackContext({
      attack,
      classifier,
      clean: batch,
      threat,
      goal,
      seed: 0,
      signal: new AbortController().signal,
      loadAttack,
      progress: () => undefined,
    });
    const parameters = resolveParameters(attack.parameters, given, id);
    const proposal = await attack.run(classifier, batch, threat, goal, parameters, context);
    const { judgements } = await judge(classifier, batch, threat, goal, proposal);
    return judgements.map(({ outcome }) => (outcome === 'fooled' ? '1' : '0')).join('');
  }
});

function differences(flags: string, expected: string): number {
  expect(flags).toHaveLength(expected.length);
  return Array.from(flags).filter((flag, i) => flag !== expected[i]).length;
}
