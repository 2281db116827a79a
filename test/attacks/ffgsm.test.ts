import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/plugin/problem.js';
import { linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const EPSILON = 0.1;
const world = await linearWorld({ numClasses: 2, count: 24 });
const { batch, classifier } = world;
const problem: Problem = {
  batch,
  threat: { kind: 'lp', norm: 'linf', epsilon: EPSILON },
  goal: { kind: 'untargeted' },
};
const clip = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

describe('ffgsm', () => {
  it("is the paper's start, step of 1.25 epsilon and clip", async () => {
    // A step that is too short to matter shows the start.
    const { data: started } = await runBuiltin('ffgsm', classifier, problem, { stepSize: 1e-9 });
    const { gradient } = await classifier.lossGradient(batch, { labels: batch.labels, loss: 'ce' });
    const { data, passes } = await runBuiltin('ffgsm', classifier, problem);
    expect(passes).toEqual(batch.keys.map(() => ({ forward: 0, gradient: 1 })));
    data.forEach((value, i) => {
      const clean = batch.data[i]!;
      expect(Math.abs(started[i]! - clean)).toBeLessThanOrEqual(EPSILON * (1 + 1e-6));
      // A linear classifier of two classes has the same signs everywhere.
      const moved = started[i]! + 1.25 * EPSILON * Math.sign(gradient[i]!);
      expect(value).toBeCloseTo(clip(clip(moved, clean - EPSILON, clean + EPSILON), 0, 1), 6);
    });
  });

  it('with a step of two epsilon forgets its start, and is fgsm', async () => {
    const { data } = await runBuiltin('ffgsm', classifier, problem, { stepSize: 2.001 });
    const { data: fgsm } = await runBuiltin('fgsm', classifier, problem);
    data.forEach((value, i) => expect(value).toBeCloseTo(fgsm[i]!, 6));
  });
});
