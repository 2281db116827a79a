import { describe, expect, it } from '@jest/globals';
import { objectiveOf, progressOf } from '../../src/plugin/problem.js';
import type { Goal } from '../../src/plugin/threat.js';

const untargeted: Goal = { kind: 'untargeted' };
const targeted: Goal = { kind: 'targeted', targets: Int32Array.of(2) };

describe('progress toward a goal', () => {
  it.each([
    ['the label wins', [3, 1, 2], { reached: false, margin: -1 }],
    ['another class wins', [1, 1, 3], { reached: true, margin: 2 }],
    ['a tie goes to the lower index, the label', [2, 2, 0], { reached: false, margin: 0 }],
    ['a logit is not a number', [1, NaN, 3], { reached: false, margin: NaN }],
    ['a logit is infinite', [1, Infinity, 3], { reached: false, margin: NaN }],
  ])('untargeted, when %s', (_what, logits, expected) => {
    expect(progressOf(Float32Array.from(logits), 0, untargeted, 0)).toEqual(expected);
  });

  it('untargeted, a tie with a class of lower index is a success, as argmax has it', () => {
    expect(progressOf(Float32Array.of(2, 2), 1, untargeted, 0)).toEqual({ reached: true, margin: 0 });
  });

  it.each([
    ['the target wins', [1, 2, 5], { reached: true, margin: 3 }],
    ['a third class wins', [1, 5, 2], { reached: false, margin: -3 }],
    ['the label wins', [4, 1, 2], { reached: false, margin: -2 }],
  ])('targeted, when %s', (_what, logits, expected) => {
    expect(progressOf(Float32Array.from(logits), 0, targeted, 0)).toEqual(expected);
  });
});

describe('the objective of a goal', () => {
  const batch = { shape: [1], keys: [0], data: Float32Array.of(0), labels: Int32Array.of(1) };
  const threat = { kind: 'patch', area: 0 } as const;

  it('ascends the loss of the label, or descends that of the target', () => {
    expect(objectiveOf({ batch, threat, goal: untargeted }, 'ce')).toEqual({
      labels: Int32Array.of(1),
      loss: 'ce',
      direction: 1,
    });
    expect(objectiveOf({ batch, threat, goal: targeted }, 'margin')).toEqual({
      labels: Int32Array.of(2),
      loss: 'margin',
      direction: -1,
    });
  });
});
