import { describe, expect, it } from '@jest/globals';
import { attackContext } from '../../src/evaluate/context.js';
import { loadAttack } from '../../src/plugin/registry.js';
import type { Problem } from '../../src/plugin/problem.js';
import { withData } from '../../src/tensor/batch.js';
import { linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const EPSILON = 0.1;
const world = await linearWorld({ numClasses: 3, count: 24 });
const { batch, classifier } = world;
const problem: Problem = {
  batch,
  threat: { kind: 'lp', norm: 'linf', epsilon: EPSILON },
  goal: { kind: 'untargeted' },
};
const clip = (value: number): number => Math.min(Math.max(value, 0), 1);

/** The signs the attack draws for each example, from the harness's own streams. */
async function draws(): Promise<Float64Array[]> {
  const attack = await loadAttack('rfgsm');
  const context = attackContext({
    ...{ attack, classifier, clean: batch, ...problem, seed: 0, loadAttack },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return batch.keys.map((key) => context.random(key, 'start').fillNormal(new Float64Array(35)));
}

describe('rfgsm', () => {
  it("is the paper's two lines", async () => {
    const noise = await draws();
    const started = batch.data.map((value, i) =>
      clip(Math.fround(value + (EPSILON / 2) * Math.sign(noise[Math.floor(i / 35)]![i % 35]!))),
    );
    const { gradient } = await classifier.lossGradient(withData(batch, started), {
      labels: batch.labels,
      loss: 'ce',
    });
    const expected = started.map((value, i) => clip(value + (EPSILON / 2) * Math.sign(gradient[i]!)));
    const { data, passes } = await runBuiltin('rfgsm', classifier, problem);
    data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    expect(passes).toEqual(batch.keys.map(() => ({ forward: 0, gradient: 1 })));
  });

  it('without its random step is fgsm', async () => {
    const { data } = await runBuiltin('rfgsm', classifier, problem, { randomShare: 0 });
    expect(data).toEqual((await runBuiltin('fgsm', classifier, problem)).data);
  });

  it('draws other signs for another seed', async () => {
    const [one, other] = [
      await runBuiltin('rfgsm', classifier, problem, {}, 1),
      await runBuiltin('rfgsm', classifier, problem, {}, 2),
    ];
    expect(one.data).not.toEqual(other.data);
  });
});
