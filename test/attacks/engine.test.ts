import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { judge } from '../../src/evaluate/judge.js';
import { restrictProblem, type Problem } from '../../src/plugin/problem.js';
import type { Threat } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { rowOf, withData } from '../../src/tensor/batch.js';
import { classifierOf } from '../classifier/loaded.js';
import { randomCnn } from '../fixtures/graphs.js';
import { runBuiltin } from './run.js';

const THREATS: Threat[] = [
  { kind: 'lp', norm: 'linf', epsilon: 0.02 },
  { kind: 'lp', norm: 'l2', epsilon: 0.15 },
];
const keys = Array.from({ length: 16 }, (_, i) => 3 * i + 1);

/** The attacks on a convolutional network as the engine runs it, judged as the harness judges. */
describe.each(THREATS)('on the engine, under %j', (threat) => {
  let classifier: EngineClassifier;
  let problem: Problem;

  beforeAll(async () => {
    classifier = await classifierOf(randomCnn(1));
    const data = new Float32Array(keys.length * 144);
    keys.forEach((key, row) =>
      keyedStream(1, key, 'image').fillUniform(data.subarray(row * 144, (row + 1) * 144)),
    );
    const batch = { shape: [1, 12, 12], keys, data };
    problem = {
      batch: { ...batch, labels: await classifier.predict(batch) },
      threat,
      goal: { kind: 'untargeted' },
    };
  });
  afterAll(() => classifier.dispose());

  async function outcomes(id: string): Promise<string[]> {
    const { data } = await runBuiltin(id, classifier, problem);
    const { judgements } = await judge(classifier, problem.batch, threat, problem.goal, {
      kind: 'examples',
      data,
    });
    return judgements.map(({ outcome }) => outcome);
  }

  it('pgd fools some, not all, and no fewer than fgsm', async () => {
    const fooled = (all: string[]) => all.filter((outcome) => outcome === 'fooled').length;
    const [weak, strong] = [fooled(await outcomes('fgsm')), fooled(await outcomes('pgd'))];
    expect(strong).toBeGreaterThan(0);
    expect(strong).toBeLessThan(keys.length);
    expect(strong).toBeGreaterThanOrEqual(weak);
  });

  it.each(['fgsm', 'pgd'])('%s proposes the same bytes alone and in a batch', async (id) => {
    const together = (await runBuiltin(id, classifier, problem)).data;
    for (const row of [0, 7, 15]) {
      const alone = (await runBuiltin(id, classifier, restrictProblem(problem, [row]))).data;
      expect(alone).toEqual(rowOf(withData(problem.batch, together), row));
    }
  });
});
