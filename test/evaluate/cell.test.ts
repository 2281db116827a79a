import { describe, expect, it } from '@jest/globals';
import { runCell } from '../../src/evaluate/run.js';
import { distance } from '../../src/tensor/norms.js';
import { unpackWitnesses } from '../../src/evaluate/witnesses.js';
import { completed, untimed } from './completed.js';
import { attackOf, attackPlan, examples, LINF, overshooting, world } from './world.js';

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
