import { describe, expect, it } from '@jest/globals';
import { ActiveSet } from '../../src/plugin/active-set.js';
import { Candidates } from '../../src/plugin/candidates.js';
import type { Problem } from '../../src/plugin/problem.js';

const problem: Problem = {
  batch: {
    shape: [2],
    keys: [7, 8, 9],
    data: Float32Array.of(0, 1, 2, 3, 4, 5),
    labels: Int32Array.of(1, 0, 2),
  },
  threat: { kind: 'box', lower: Float32Array.of(0, 0, 2, 2, 4, 4), upper: Float32Array.of(1, 1, 3, 3, 5, 5) },
  goal: { kind: 'targeted', targets: Int32Array.of(0, 2, 1) },
};

describe('the active set', () => {
  it('starts at the clean examples of its rows', () => {
    const active = new ActiveSet(problem, [2, 0]);
    expect(active.rows).toEqual([2, 0]);
    expect(active.iterates).toEqual({
      shape: [2],
      keys: [9, 7],
      data: Float32Array.of(4, 5, 0, 1),
      labels: Int32Array.of(2, 1),
    });
  });

  it('packs iterates, boxes, labels and targets when examples leave', () => {
    const active = new ActiveSet(problem, [0, 1, 2]);
    active.iterate(2).fill(4.5);
    active.leave(new Set([0, 1]));
    expect(active.rows).toEqual([2]);
    expect(active.iterates.data).toEqual(Float32Array.of(4.5, 4.5));
    expect(active.clean(0)).toEqual(Float32Array.of(4, 5));
    expect(active.problem).toEqual({
      batch: { shape: [2], keys: [9], data: Float32Array.of(4, 5), labels: Int32Array.of(2) },
      threat: { kind: 'box', lower: Float32Array.of(4, 4), upper: Float32Array.of(5, 5) },
      goal: { kind: 'targeted', targets: Int32Array.of(1) },
    });
  });

  it('writes neither to the problem nor to examples that left', () => {
    const active = new ActiveSet(problem, [0, 1]);
    active.iterate(0).fill(9);
    active.leave(new Set([0]));
    active.iterate(0).fill(8);
    expect(problem.batch.data).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
  });
});

describe('candidates', () => {
  const offers = (...given: [number, boolean, number][]) => {
    const candidates = new Candidates(problem.batch);
    for (const [value, reached, margin] of given) {
      candidates.offer(1, Float32Array.of(value, value), { reached, margin });
    }
    return candidates;
  };

  it('are the clean examples until something is offered', () => {
    expect(offers().data).toEqual(problem.batch.data);
    expect(offers().unsolved).toEqual([0, 1, 2]);
  });

  it('that reach the goal beat those that do not, whatever the margin', () => {
    const candidates = offers([5, true, 0], [6, false, 3]);
    expect(candidates.data).toEqual(Float32Array.of(0, 1, 5, 5, 4, 5));
    expect(candidates.unsolved).toEqual([0, 2]);
  });

  it('are otherwise ranked by margin, the first among equals', () => {
    expect(offers([5, false, -2], [6, false, -1], [7, false, -1]).data[2]).toBe(6);
    expect(offers([5, true, 2], [6, true, 1]).data[2]).toBe(5);
  });

  it('with a margin that is not a number are never kept', () => {
    expect(offers([5, false, NaN]).data).toEqual(problem.batch.data);
  });
});
