import { describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { runCells, type CellSink, type RunEvent } from '../../src/evaluate/run.js';
import { attackOf, attackPlan, overshooting, world } from './world.js';

describe('a run', () => {
  function memorySink(): CellSink & { saved: Map<string, CompletedCell> } {
    const saved = new Map<string, CompletedCell>();
    return {
      saved,
      finished: (spec) => Promise.resolve(saved.get(spec.fingerprint) ?? null),
      save: (cell) => {
        if (cell.status === 'completed') saved.set(cell.fingerprint, cell);
        return Promise.resolve();
      },
    };
  }

  it('goes on with the other cells when one fails', async () => {
    const broken = attackOf('broken', () => Promise.reject(new Error('out of order')));
    const place = await world({ attacks: [broken, overshooting] });
    const specs = [
      place.spec(attackPlan('broken'), { entry: 'a' }),
      place.spec(attackPlan('overshooting'), { entry: 'b' }),
    ];
    const cells = await runCells(specs, place.options());
    expect(cells.map((cell) => cell.status)).toEqual(['error', 'completed']);
  });

  it('resumes from finished cells and runs only the others', async () => {
    const place = await world({ attacks: [overshooting] });
    const specs = ['a', 'b'].map((entry) => place.spec(attackPlan('overshooting'), { entry }));
    const sink = memorySink();
    await runCells([specs[0]!], place.options({ sink }));
    const events: RunEvent[] = [];
    const cells = await runCells(specs, place.options({ sink, onEvent: (event) => events.push(event) }));
    expect(
      events.filter(({ kind }) => kind !== 'shard-finished').map(({ kind, spec }) => [kind, spec.entry]),
    ).toEqual([
      ['cell-resumed', 'a'],
      ['cell-finished', 'b'],
    ]);
    expect(cells.map((cell) => cell.entry)).toEqual(['a', 'b']);
  });

  it('does not resume from a cell made with another seed, budget or data slice', async () => {
    const place = await world({ attacks: [overshooting] });
    const plan = attackPlan('overshooting');
    const prints = [
      place.spec(plan),
      place.spec(plan, { seed: 1 }),
      place.spec(plan, { indices: [0, 1, 2] }),
      place.spec(attackPlan('overshooting', { threat: { kind: 'lp', norm: 'linf', epsilon: 0.2 } })),
    ].map((spec) => spec.fingerprint);
    expect(new Set(prints).size).toBe(4);
  });

  it('stops when aborted and keeps what was finished', async () => {
    const place = await world({ attacks: [overshooting] });
    const specs = ['a', 'b', 'c'].map((entry) => place.spec(attackPlan('overshooting'), { entry }));
    const abort = new AbortController();
    const sink = memorySink();
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'cell-finished') abort.abort();
    };
    await expect(runCells(specs, place.options({ sink, onEvent, signal: abort.signal }))).rejects.toThrow();
    expect(sink.saved.size).toBeGreaterThanOrEqual(1);
    expect(sink.saved.size).toBeLessThan(3);
  });
});
