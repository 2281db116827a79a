import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { localServices, type LocalServices } from '../../src/evaluate/local-services.js';
import { readExamples } from '../../src/evaluate/inputs.js';
import { judge } from '../../src/evaluate/judge.js';
import { resolveModel } from '../../src/models/reference.js';
import type { Norm } from '../../src/plugin/threat.js';
import type { LabelledBatch } from '../../src/tensor/batch.js';
import { fixtures } from '../fixtures/external.js';
import { cardPath } from '../fixtures/third-party.js';
import { runBuiltin } from './run.js';

/**
 * Minimum-norm attacks against adv_lib's, DeepFool against Foolbox's, with as many steps: medians over the examples that are classified right and fooled
 * by both, and the share that is fooled (the recipe is in the fixtures' README).
 */
const folder = fixtures ?? '';
const goldens = join(folder, 'golden/attacks');
const MEDIAN_EXCESS = 1.02;

/** Data set, and how many of its first examples. */
const MODELS = {
  'mnist-wong_convex_eps0.1': ['mnist', 200],
  'mnist-fc_256x4': ['mnist', 200],
  'cifar10-resnet_2b': ['cifar10', 200],
} as const;
const columns = {
  ddn_l2: { id: 'ddn', norm: 'l2', parameters: { steps: 100 } },
  deepfool_l2: { id: 'deepfool', norm: 'l2', parameters: {} },
  fmn_linf: { id: 'fmn', norm: 'linf', parameters: { steps: 100 } },
} as const satisfies Record<string, { id: string; norm: Norm; parameters: Record<string, unknown> }>;

interface Golden {
  readonly minimum_norm: {
    readonly 'clean_wrong_1=wrong': string;
    readonly attacks: Readonly<
      Record<
        keyof typeof columns,
        { readonly 'adversarial_1=yes': string; readonly norms: readonly number[] }
      >
    >;
  };
}

const present = fixtures !== undefined && existsSync(goldens);
const describeWithFixtures = present ? describe : describe.skip;
const cases: [model: string, source: string, count: number][] = present
  ? Object.entries(MODELS).map(([model, [source, count]]) => [model, source, count])
  : [['no fixtures: GAUNTLET_FIXTURES is not set', '', 0]];

describeWithFixtures.each(cases)('%s', (model, source, count) => {
  let services: LocalServices;
  let classifier: Classifier;
  let batch: LabelledBatch;
  let golden: Golden['minimum_norm'];

  beforeAll(async () => {
    services = await localServices({ threads: 2 });
    classifier = await services.classifier(
      await resolveModel(join(folder, 'models', `${model}.onnx`), { card: cardPath(model) }),
    );
    const data = { source, split: 'test', dataDir: join(folder, 'data'), fingerprint: '' } as const;
    const indices = Array.from({ length: count }, (_, i) => i);
    batch = await readExamples(services, { ...data, indices }, indices, classifier);
    golden = (JSON.parse(readFileSync(join(goldens, `${model}.json`), 'utf8')) as Golden).minimum_norm;
  });
  afterAll(() => services.dispose());

  it.each(Object.entries(columns))(
    '%s is as near and as often successful',
    async (column, { id, norm, parameters }) => {
      const reference = golden.attacks[column as keyof typeof columns];
      const { distances, seconds } = await attack(id, norm, parameters);
      const right = batch.keys.filter((_key, row) => golden['clean_wrong_1=wrong'][row] === '0');
      const found = right.filter((row) => distances[row]! < Infinity);
      const expected = right.filter((row) => reference['adversarial_1=yes'][row] === '1');
      const ours = median(found.map((row) => distances[row]!));
      const theirs = median(expected.map((row) => reference.norms[row]!));
      process.stderr.write(
        `${model} ${column}: ${found.length} of ${right.length} at ${ours.toFixed(5)}; reference ${expected.length} at ${theirs.toFixed(5)}; ${seconds.toFixed(1)} s\n`,
      );
      expect(found.length).toBeGreaterThanOrEqual(expected.length);
      expect(ours).toBeLessThanOrEqual(MEDIAN_EXCESS * theirs);
    },
  );

  /** Distances as the judge measures them; Infinity where it sees no success. */
  async function attack(id: string, norm: Norm, parameters: Record<string, unknown>) {
    const threat = { kind: 'minimum', norm } as const;
    const goal = { kind: 'untargeted' } as const;
    const start = performance.now();
    const { data } = await runBuiltin(id, classifier, { batch, threat, goal }, parameters);
    const seconds = (performance.now() - start) / 1000;
    const { judgements } = await judge(classifier, batch, threat, goal, { kind: 'examples', data });
    const distances = judgements.map(({ outcome, distance }) => (outcome === 'fooled' ? distance : Infinity));
    return { distances, seconds };
  }
});

/** The lower one of two middle values, as the reference takes it. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}
