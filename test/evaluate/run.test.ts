import { describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { runCell, runCells, type CellSink, type RunEvent } from '../../src/evaluate/run.js';
import { distance } from '../../src/tensor/norms.js';
import { unpackWitnesses } from '../../src/evaluate/witnesses.js';
import { attackOf, attackPlan, examples, LINF, overshooting, stageOf, world, type World } from './world.js';

async function completed(
  place: World,
  plan: Parameters<World['spec']>[0],
  batchSize = 128,
): Promise<CompletedCell> {
  const { cell } = await runCell(place.spec(plan), place.options({ batchSize }));
  if (cell.status !== 'completed') throw new Error(`${cell.status}: ${cell.reason.message}`);
  return cell;
}

const untimed = (cell: unknown): unknown => ({ ...(cell as object), timing: null });

describe('a cell', () => {
  it('gives every example one outcome: wrong examples are not attacked, fooled ones carry their distance', async () => {
    const place = await world({ attacks: [overshooting] });
    const cell = await completed(place, attackPlan('overshooting'));
    const letters = Array.from(cell.outcomes);
    expect(cell.n).toBe(40);
    expect(letters.flatMap((letter, i) => (letter === 'w' ? [i] : []))).toEqual([6, 13, 20, 27, 34]);
    expect(letters).toContain('f');
    expect(letters).toContain('r');
    expect(cell.clean.correct).toBe(35);
    expect(cell.robust.correct).toBe(letters.filter((letter) => letter === 'r').length);
    cell.distances.forEach((value, i) => {
      if (letters[i] === 'w') expect(value).toBe(0);
      if (letters[i] === 'r') expect(value).toBeNull();
      if (letters[i] === 'f') expect(value).toBeLessThanOrEqual(0.1 * (1 + 1e-7));
    });
    expect(cell.passes.gradient).toEqual(letters.map((letter) => (letter === 'w' ? 0 : 1)));
  });

  it('is the same whatever the batch size', async () => {
    const place = await world({ attacks: [overshooting] });
    const cells = await Promise.all(
      [1, 7, 128].map((size) => completed(place, attackPlan('overshooting'), size)),
    );
    expect(untimed(cells[1])).toEqual(untimed(cells[0]));
    expect(untimed(cells[2])).toEqual(untimed(cells[0]));
  });

  it('brings candidates back into the set before judging them', async () => {
    const place = await world({ attacks: [overshooting] });
    const { cell, witnesses } = await runCell(place.spec(attackPlan('overshooting')), place.options());
    expect(cell.status).toBe('completed');
    const stored = unpackWitnesses(witnesses!.bytes, witnesses!.entry);
    expect(stored.length).toBeGreaterThan(0);
    for (const { clean, adversarial } of stored) {
      expect(distance('linf', clean, adversarial)).toBeLessThanOrEqual(0.1 * (1 + 1e-7));
      expect(adversarial.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('counts as invalid, never robust, the examples whose candidate is not finite', async () => {
    const spoiler = attackOf('spoiler', (_classifier, batch) => {
      const data = batch.data.slice();
      batch.keys.forEach((key, row) => {
        if (key % 3 === 0) data[row * 16] = NaN;
      });
      return Promise.resolve(examples(data));
    });
    const cell = await completed(await world({ attacks: [spoiler] }), attackPlan('spoiler'));
    for (const [i, letter] of Array.from(cell.outcomes).entries()) {
      expect(letter).toBe(i % 7 === 6 ? 'w' : i % 3 === 0 ? 'i' : 'r');
    }
    expect(cell.invalid).toBe(Array.from(cell.outcomes).filter((letter) => letter === 'i').length);
    expect(cell.flags.map((flag) => flag.code)).toEqual(['invalid-examples']);
  });

  it('marks examples whose clean logits are not finite as invalid and attacks the others', async () => {
    const place = await world({ attacks: [overshooting] }, { blind: true, zeroFirstPixel: [3, 4] });
    const cell = await completed(place, attackPlan('overshooting'));
    expect(cell.outcomes[3]).toBe('i');
    expect(cell.outcomes[4]).toBe('i');
    expect(cell.outcomes).toContain('f');
    expect(cell.passes.gradient[3]).toBe(0);
  });

  it('retries a batch one by one when the plugin throws, so that invalid examples do not depend on the batch', async () => {
    const thrower = attackOf('thrower', (_classifier, batch) => {
      if (batch.keys.includes(5)) throw new Error('does not like example 5');
      return Promise.resolve(examples(batch.data));
    });
    const place = await world({ attacks: [thrower] });
    const [small, large] = await Promise.all(
      [3, 128].map((size) => completed(place, attackPlan('thrower'), size)),
    );
    expect(small!.outcomes[5]).toBe('i');
    expect(small!.invalid).toBe(1);
    expect(untimed(large)).toEqual(untimed(small));
  });

  it('is an error, without an accuracy, when the plugin fails on everything', async () => {
    const broken = attackOf('broken', () => Promise.reject(new Error('out of order')));
    const wrongLength = attackOf('wrong-length', () => Promise.resolve(examples(new Float32Array(3))));
    const place = await world({ attacks: [broken, wrongLength] });
    for (const [id, message] of [
      ['broken', 'out of order'],
      ['wrong-length', '3 values'],
    ] as const) {
      const { cell } = await runCell(place.spec(attackPlan(id)), place.options());
      expect(cell).toMatchObject({ status: 'error', reason: { code: 'GAUNTLET_E_PLUGIN_FAILED' } });
      expect(cell).not.toHaveProperty('robust');
      expect(JSON.stringify(cell)).toContain(message);
    }
  });

  it('is not applicable when the attack does not take the threat model', async () => {
    const linfOnly = attackOf('linf-only', overshooting.run, { threats: ['lp'], norms: ['linf'] });
    const place = await world({ attacks: [linfOnly] });
    const plan = attackPlan('linf-only', { threat: { kind: 'lp', norm: 'l2', epsilon: 1 } });
    const { cell } = await runCell(place.spec(plan), place.options());
    expect(cell).toMatchObject({
      status: 'not-applicable',
      reason: { code: 'GAUNTLET_E_THREAT_UNSUPPORTED' },
    });
  });

  it('does not believe a plugin that writes over the clean examples', async () => {
    const forger = attackOf('forger', (_classifier, batch) => {
      batch.data.fill(0);
      batch.labels.fill(0);
      return Promise.resolve(examples(batch.data));
    });
    const place = await world({ attacks: [forger] });
    const { witnesses } = await runCell(place.spec(attackPlan('forger')), place.options());
    for (const { clean, adversarial, index } of witnesses === null
      ? []
      : unpackWitnesses(witnesses.bytes, witnesses.entry)) {
      const original = await place.dataset.read([index]);
      expect([...clean]).toEqual([...original.data]);
      expect(distance('linf', clean, adversarial)).toBeLessThanOrEqual(0.1 * (1 + 1e-7));
    }
  });

  it('counts a targeted attack as successful only when the target is reached', async () => {
    const place = await world({ attacks: [overshooting] });
    const cell = await completed(
      place,
      attackPlan('overshooting', {
        goal: { kind: 'targeted', target: 'next' },
        threat: { ...LINF, epsilon: 0.5 } as typeof LINF,
      }),
    );
    const { witnesses } = await runCell(
      place.spec(
        attackPlan('overshooting', {
          goal: { kind: 'targeted', target: 'next' },
          threat: { kind: 'lp', norm: 'linf', epsilon: 0.5 },
        }),
      ),
      place.options(),
    );
    const stored = witnesses === null ? [] : unpackWitnesses(witnesses.bytes, witnesses.entry);
    expect(cell.outcomes).toContain('f');
    expect(stored).toHaveLength(Array.from(cell.outcomes).filter((letter) => letter === 'f').length);
    for (const { adversarial, target, index, label } of stored) {
      expect(target).toBe((label + 1) % 3);
      const [predicted] = await place.classifier.predict({
        shape: [1, 4, 4],
        data: adversarial,
        keys: [index],
      });
      expect(predicted).toBe(target);
    }
  });

  it('ends as timed-out, without an accuracy, when its time is up', async () => {
    const sleeper = attackOf(
      'sleeper',
      async (_classifier, batch, _threat, _goal, _parameters, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        signal.throwIfAborted();
        return examples(batch.data);
      },
    );
    const place = await world({ attacks: [sleeper] });
    const { cell } = await runCell(place.spec(attackPlan('sleeper')), place.options({ timeLimit: 0.05 }));
    expect(cell).toMatchObject({ status: 'timed-out' });
    expect(cell).not.toHaveProperty('outcomes');
  });
});

describe('several stages', () => {
  const still = attackOf('still', (_classifier, batch) => Promise.resolve(examples(batch.data)));

  it('in a cascade see what the earlier ones left, and each stage’s outcomes are recorded', async () => {
    const seen: number[] = [];
    const witness = attackOf('witness', (_classifier, batch) => {
      seen.push(...batch.keys);
      return Promise.resolve(examples(batch.data));
    });
    const place = await world({ attacks: [still, overshooting, witness] });
    const cell = await completed(place, {
      kind: 'cascade',
      stages: [stageOf('still'), stageOf('overshooting'), stageOf('witness')],
    });
    const [first, second, third] = cell.stages;
    expect(first!.outcomes).not.toContain('f');
    expect(second!.outcomes).toContain('f');
    expect(third!.outcomes).toBe(second!.outcomes);
    expect(seen).toEqual(Array.from(second!.outcomes).flatMap((letter, i) => (letter === 'r' ? [i] : [])));
    expect(cell.robust.correct).toBe(third!.robust);
  });

  it('in a curve keep fooled what a smaller budget fooled', async () => {
    const place = await world({ attacks: [overshooting] });
    const budgets = [0.02, 0.05, 0.1, 0.3];
    const cell = await completed(place, {
      kind: 'curve',
      stages: budgets.map((epsilon) =>
        stageOf('overshooting', { threat: { kind: 'lp', norm: 'linf', epsilon } }),
      ),
    });
    const robust = cell.stages.map((stage) => stage.robust);
    expect([...robust].sort((a, b) => b - a)).toEqual(robust);
    expect(robust[0]).toBeGreaterThan(robust[3]!);
  });

  it('let a later stage prove fooled what an earlier one failed on, but never call it robust', async () => {
    const spoiler = attackOf('spoiler', (_c, batch) => Promise.resolve(examples(batch.data.map(() => NaN))));
    const place = await world({ attacks: [spoiler, overshooting] });
    const cell = await completed(place, {
      kind: 'cascade',
      stages: [stageOf('spoiler'), stageOf('overshooting')],
    });
    expect(cell.outcomes).toContain('f');
    expect(cell.outcomes).not.toContain('r');
  });
});

describe('an attack that learns from a set', () => {
  it('is fitted once, on examples that are not evaluated, and handed its state', async () => {
    const fitted: number[][] = [];
    const learner = attackOf(
      'learner',
      (_classifier, batch, _threat, _goal, _parameters, _context, state) => {
        const { shift } = state as { shift: number };
        return Promise.resolve(examples(batch.data.map((value) => value + shift)));
      },
      {},
      (_classifier, slice) => {
        fitted.push([...slice.keys]);
        return Promise.resolve({ shift: 0.1 });
      },
    );
    const place = await world({ attacks: [learner] });
    const plan = attackPlan('learner', { fitIndices: [30, 31, 32] });
    const spec = place.spec(plan, { indices: Array.from({ length: 30 }, (_value, i) => i) });
    const { cell } = await runCell(spec, place.options({ batchSize: 4 }));
    expect(fitted).toEqual([[30, 31, 32]]);
    expect(cell.status).toBe('completed');
  });
});

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
