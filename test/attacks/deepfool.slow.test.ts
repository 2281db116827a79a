import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { judge } from '../../src/evaluate/judge.js';
import { engine } from '../classifier/loaded.js';
import { fixtures } from '../fixtures/external.js';
import { openThirdParty } from '../fixtures/third-party.js';
import { runBuiltin } from './run.js';

/** DeepFool in L2 against Foolbox's with the same settings (the recipe is in the fixtures' README). */
const goldens = join(fixtures ?? '', 'golden/attacks');
const EXAMPLES = 200;
const MEDIAN_EXCESS = 1.02;
const cases = [
  ['mnist-wong_convex_eps0.1', 'mnist'],
  ['mnist-fc_256x4', 'mnist'],
  ['cifar10-resnet_2b', 'cifar10'],
] as const;

interface Golden {
  readonly minimum_norm: {
    readonly 'clean_wrong_1=wrong': string;
    readonly attacks: {
      readonly deepfool_l2: { readonly 'adversarial_1=yes': string; readonly norms: readonly number[] };
    };
  };
}

const describeWithFixtures = fixtures !== undefined && existsSync(goldens) ? describe : describe.skip;

describeWithFixtures('deepfool in L2', () => {
  it.each(cases)('on %s is as near as the reference, as often', async (id, source) => {
    const { model, read } = await openThirdParty(id, source);
    const classifier = await createClassifier(model, engine);
    const batch = await read(EXAMPLES);
    const golden = (JSON.parse(readFileSync(join(goldens, `${id}.json`), 'utf8')) as Golden).minimum_norm;
    const reference = golden.attacks.deepfool_l2;
    const threat = { kind: 'minimum', norm: 'l2' } as const;
    const goal = { kind: 'untargeted' } as const;
    const { data } = await runBuiltin('deepfool', classifier, { batch, threat, goal });
    const { judgements } = await judge(classifier, batch, threat, goal, { kind: 'examples', data });
    await classifier.dispose();

    const right = [...batch.keys.keys()].filter((row) => golden['clean_wrong_1=wrong'][row] === '0');
    const found = right.filter((row) => judgements[row]!.outcome === 'fooled');
    const expected = right.filter((row) => reference['adversarial_1=yes'][row] === '1');
    expect(found.length).toBeGreaterThanOrEqual(expected.length);
    const ours = median(found.map((row) => judgements[row]!.distance));
    const theirs = median(expected.map((row) => reference.norms[row]!));
    expect(ours).toBeGreaterThan(0);
    expect(ours).toBeLessThanOrEqual(MEDIAN_EXCESS * theirs);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}
