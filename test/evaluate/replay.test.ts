import { describe, expect, it } from '@jest/globals';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { replayCell } from '../../src/evaluate/replay.js';
import { runCell } from '../../src/evaluate/run.js';
import { packWitnesses, unpackWitnesses } from '../../src/evaluate/witnesses.js';
import type { ShardResult, Witness } from '../../src/evaluate/job.js';
import { attackOf, attackPlan, examples, overshooting, world, type World } from './world.js';

async function attacked(
  place: World,
  plan = attackPlan('overshooting'),
): Promise<{ cell: CompletedCell; bytes: Uint8Array }> {
  const { cell, witnesses } = await runCell(place.spec(plan), place.options());
  if (cell.status !== 'completed' || witnesses === null) throw new Error('nothing was fooled');
  return { cell, bytes: witnesses.bytes };
}

/** The cell with its witnesses changed, and their hash recorded anew, as a forger would. */
function forged(
  place: World,
  cell: CompletedCell,
  bytes: Uint8Array,
  change: (witness: Witness) => Witness,
): { cell: CompletedCell; bytes: Uint8Array } {
  const witnesses = unpackWitnesses(bytes, cell.witnesses!).map(change);
  const packed = packWitnesses(place.spec(cell.plan), [{ witnesses } as unknown as ShardResult])!;
  return { cell: { ...cell, witnesses: packed.entry }, bytes: packed.bytes };
}

describe('replaying a cell', () => {
  it('verifies every stored adversarial example', async () => {
    const place = await world({ attacks: [overshooting] });
    const { cell, bytes } = await attacked(place);
    const report = await replayCell(cell, bytes, place.classifier);
    expect(report.failures).toEqual([]);
    expect(report.verified).toBe(Array.from(cell.outcomes).filter((letter) => letter === 'f').length);
  });

  it('refuses a witness file that is not the one recorded', async () => {
    const place = await world({ attacks: [overshooting] });
    const { cell, bytes } = await attacked(place);
    const damaged = bytes.slice();
    damaged[damaged.length >> 1]! ^= 1;
    await expect(replayCell(cell, damaged, place.classifier)).rejects.toThrow(/SHA-256/);
  });

  it('names a stored input that is outside the set', async () => {
    const place = await world({ attacks: [overshooting] });
    const original = await attacked(place);
    const { cell, bytes } = forged(place, original.cell, original.bytes, (witness) => ({
      ...witness,
      adversarial: witness.adversarial.map((value, i) => (i === 0 ? (value > 0.5 ? 0 : 1) : value)),
    }));
    const report = await replayCell(cell, bytes, place.classifier);
    expect(report.failures.map((failure) => failure.reason)).toContainEqual(
      expect.stringContaining('exceeds 0.1'),
    );
  });

  it('names a stored input that does not fool the model', async () => {
    const place = await world({ attacks: [overshooting] });
    const original = await attacked(place);
    const { cell, bytes } = forged(place, original.cell, original.bytes, (witness) => ({
      ...witness,
      adversarial: witness.clean,
    }));
    const report = await replayCell(cell, bytes, place.classifier);
    expect(report.verified).toBe(0);
    expect(report.failures[0]!.reason).toContain('not fooled');
  });

  it('names examples that are called fooled without a witness', async () => {
    const place = await world({ attacks: [overshooting] });
    const { cell, bytes } = await attacked(place);
    const claimed = { ...cell, outcomes: cell.outcomes.replace('r', 'f') };
    const report = await replayCell(claimed, bytes, place.classifier);
    expect(report.failures).toHaveLength(1);
    expect(report.failures[0]!.index).toBe(cell.outcomes.indexOf('r'));
  });

  it('applies transforms and patches again itself', async () => {
    const turn = attackOf('turn', (_classifier, batch) =>
      Promise.resolve({
        kind: 'transform',
        parameters: Float64Array.from(batch.keys.flatMap(() => [90, 1, 5])),
      }),
    );
    const paste = attackOf('paste', (_classifier, batch) =>
      Promise.resolve({
        kind: 'patch',
        patch: new Float32Array(4).fill(1),
        side: 2,
        corners: Int32Array.from(batch.keys.flatMap(() => [1, 9])),
      }),
    );
    const place = await world({ attacks: [turn, paste] });
    const ranges = { rotation: [-45, 45], translateX: [-1, 1], translateY: [-1, 1] } as const;
    for (const plan of [
      attackPlan('turn', { threat: { kind: 'transform', ranges } }),
      attackPlan('paste', { threat: { kind: 'patch', area: 0.25 } }),
    ]) {
      const { cell, bytes } = await attacked(place, plan);
      const report = await replayCell(cell, bytes, place.classifier);
      expect(report.failures).toEqual([]);
      expect(report.verified).toBeGreaterThan(0);
      const moved = forged(place, cell, bytes, (witness) => ({
        ...witness,
        adversarial: witness.adversarial.map((value) => 1 - value),
      }));
      expect((await replayCell(moved.cell, moved.bytes, place.classifier)).verified).toBe(0);
    }
  });

  it('checks per-example boxes and minimum-norm results by their own rules', async () => {
    const far = attackOf('far', (_classifier, batch) =>
      Promise.resolve(examples(batch.data.map((value) => 1 - value))),
    );
    const place = await world({ attacks: [far] });
    const { cell, bytes } = await attacked(
      place,
      attackPlan('far', { threat: { kind: 'minimum', norm: 'l2' } }),
    );
    expect((await replayCell(cell, bytes, place.classifier)).failures).toEqual([]);
    expect(cell.distances.some((value) => value !== null && value > 0.5)).toBe(true);
  });
});
