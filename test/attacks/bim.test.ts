import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/plugin/problem.js';
import { linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

describe('bim', () => {
  it('is pgd from the clean example, pass for pass', async () => {
    const { classifier, batch } = await linearWorld({ numClasses: 5, count: 12 });
    const threat = { kind: 'lp', norm: 'linf', epsilon: 0.1 } as const;
    const problem: Problem = { batch, threat, goal: { kind: 'untargeted' } };
    const given = { steps: 7, stepSize: 0.3 };
    expect(await runBuiltin('bim', classifier, problem, given)).toEqual(
      await runBuiltin('pgd', classifier, problem, { ...given, randomStart: false }),
    );
  });
});
