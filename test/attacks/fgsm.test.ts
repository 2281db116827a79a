import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/plugin/problem.js';
import { denseClassifier } from '../../src/plugin/testing.js';
import type { Goal, Threat } from '../../src/plugin/threat.js';
import { runBuiltin } from './run.js';

/** Two classes on four pixels: class 1 leads by x0 - 2 x1 + 2 x3. */
const classifier = denseClassifier(
  [{ weights: Float64Array.of(0, 0, 0, 0, 1, -2, 0, 2), bias: new Float64Array(2) }],
  { shape: [4], layout: 'flat', bounds: [0, 1] },
);
const clean = [0.5, 0.5, 0.5, 0.75];
const problem = (threat: Threat, goal: Goal = { kind: 'untargeted' }, label = 0): Problem => ({
  batch: { shape: [4], keys: [0], data: Float32Array.from(clean), labels: Int32Array.of(label) },
  threat,
  goal,
});
const linf: Threat = { kind: 'lp', norm: 'linf', epsilon: 0.5 };

describe('fgsm', () => {
  it('moves every pixel by epsilon along the sign of its gradient, within the bounds', async () => {
    const { data, passes } = await runBuiltin('fgsm', classifier, problem(linf));
    expect(data).toEqual(Float32Array.of(1, 0, 0.5, 1));
    expect(passes).toEqual([{ forward: 0, gradient: 1 }]);
  });

  it('under L2 moves epsilon along the gradient', async () => {
    const { data } = await runBuiltin('fgsm', classifier, problem({ kind: 'lp', norm: 'l2', epsilon: 0.15 }));
    [0.55, 0.4, 0.5, 0.85].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 6));
  });

  it('in a box goes to the corner the gradient points at', async () => {
    const lower = Float32Array.of(0.4, 0.3, 0.2, 0.7);
    const upper = Float32Array.of(0.6, 0.9, 0.8, 0.75);
    const { data } = await runBuiltin('fgsm', classifier, problem({ kind: 'box', lower, upper }));
    expect(data).toEqual(Float32Array.of(0.6, 0.3, 0.5, 0.75));
  });

  it('with a target descends the loss of the target', async () => {
    const goal: Goal = { kind: 'targeted', targets: Int32Array.of(0) };
    const { data } = await runBuiltin('fgsm', classifier, problem(linf, goal, 1));
    expect(data).toEqual(Float32Array.of(0, 1, 0.5, 0.25));
  });

  it('steps the same way under the margin', async () => {
    const { data } = await runBuiltin('fgsm', classifier, problem(linf), { loss: 'margin' });
    expect(data).toEqual(Float32Array.of(1, 0, 0.5, 1));
  });

  it('leaves an example clean when its gradient is not finite', async () => {
    const broken = {
      ...classifier,
      lossGradient: async (...given: Parameters<typeof classifier.lossGradient>) => {
        const result = await classifier.lossGradient(...given);
        result.gradient[2] = Infinity;
        return result;
      },
    };
    const { data } = await runBuiltin('fgsm', broken, problem(linf));
    expect(data).toEqual(Float32Array.from(clean));
  });
});
