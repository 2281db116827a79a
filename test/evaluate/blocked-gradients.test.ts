import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import contrast from '../../corruptions/contrast.js';
import { readNpz } from '../../src/data/npz.js';
import type { CellPlan } from '../../src/evaluate/cell.js';
import { replayCell } from '../../src/evaluate/replay.js';
import { runCell } from '../../src/evaluate/run.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import { severitiesOf, type CorruptionPlugin } from '../../src/plugin/corruption.js';
import { importPlugin } from '../../src/plugin/load.js';
import { validateResult } from '../../src/results/validate.js';
import { randomTensor } from '../fixtures/graphs.js';
import { completed, untimed } from './completed.js';
import { attackPlan, overshooting, world } from './world.js';

const randomSigns = (await importPlugin(
  join(import.meta.dirname, '../fixtures/plugins/random-signs.mjs'),
)) as AttackPlugin;

/** The linear classifier of the world behind an input of eight grey levels: the classic masked gradient. */
function quantisedGraph(): Graph {
  const b = new GraphBuilder({ name: 'quantised', opsets: { '': 17 } });
  const x = b.input('x', 'float32', [BATCH, 1, 4, 4]);
  const scale = b.scalar(1 / 7);
  const code = b.add('QuantizeLinear', [x, scale]);
  const grey = b.add('Flatten', [b.add('DequantizeLinear', [code, scale])]);
  b.addNamed('MatMul', [grey, b.initializer('w', randomTensor(3, [16, 3]))], 'logits');
  b.output('logits', 'float32', [BATCH, 3]);
  return b.build();
}

/** The linear classifier with a Dropout that is on. */
function droppingGraph(): Graph {
  const b = new GraphBuilder({ name: 'dropping', opsets: { '': 17 } });
  const x = b.input('x', 'float32', [BATCH, 1, 4, 4]);
  const on = b.initializer('on', { type: 'bool', dims: [], data: Uint8Array.of(1) });
  const kept = b.add('Flatten', [b.add('Dropout', [x, b.scalar(0.2), on])]);
  b.addNamed('MatMul', [kept, b.initializer('w', randomTensor(3, [16, 3]))], 'logits');
  b.output('logits', 'float32', [BATCH, 3]);
  return b.build();
}

const plugins = {
  attacks: [overshooting, randomSigns],
  corruptions: [contrast as unknown as CorruptionPlugin],
};
const signs = attackPlan('random-signs', {
  parameters: { draws: 20 },
  threat: { kind: 'lp', norm: 'linf', epsilon: 0.15 },
});
const steps = attackPlan('overshooting', { threat: { kind: 'lp', norm: 'linf', epsilon: 0.15 } });
const faded: CellPlan = {
  kind: 'corruption',
  corruption: { id: 'contrast', version: '1.0.0' },
  severity: 3,
  parameters: severitiesOf(contrast, 'cifar')[2]!,
  profile: 'cifar',
  quirks: 'reference',
};

describe('a model whose gradient is blocked', () => {
  it('makes a cell that needs gradients not applicable, naming the operator and what would help', async () => {
    const place = await world(plugins, { graph: quantisedGraph() });
    const { cell } = await runCell(place.spec(steps), place.options());
    expect(cell).toMatchObject({
      status: 'not-applicable',
      reason: {
        code: 'GAUNTLET_E_GRADIENT_BLOCKED',
        message: expect.stringMatching(
          /operator QuantizeLinear \(node "QuantizeLinear"\).*--straight-through.*need no gradient/,
        ) as unknown,
      },
    });
  });

  it('still runs under attacks that need no gradient, and under corruptions', async () => {
    const place = await world(plugins, { graph: quantisedGraph() });
    const [attacked, corrupted] = [await completed(place, signs), await completed(place, faded)];
    expect(attacked.outcomes).toContain('f');
    expect(attacked.outcomes).not.toContain('i');
    expect(corrupted.n).toBe(40);
  });

  it('is attacked through straight-through gradients, which the cell, its fingerprint and its witnesses record', async () => {
    const exact = await world(plugins, { graph: quantisedGraph() });
    const place = await world(plugins, { graph: quantisedGraph(), straightThrough: true });
    const spec = place.spec(steps);
    expect(spec.fingerprint).not.toBe(exact.spec(steps).fingerprint);
    const { cell, witnesses } = await runCell(spec, place.options());
    validateResult('cell', cell, 'the cell');
    if (cell.status !== 'completed') throw new Error(cell.reason.message);
    expect(cell.model).toMatchObject({ gradient: 'straight-through' });
    // The true gradient of the linear part: no weaker than chance.
    expect(cell.robust.correct).toBeLessThan((await completed(exact, signs)).robust.correct);
    const arrays = readNpz(witnesses!.bytes, 'witnesses');
    expect(new Set(arrays.get('straightThrough')!.data as Int32Array)).toEqual(new Set([1]));
    // An adversarial example is one however it was found.
    expect((await replayCell(cell, witnesses!.bytes, exact.classifier)).failures).toEqual([]);
  });

  it('is told from a model with exact gradients, of which nothing is recorded', async () => {
    const place = await world(plugins);
    const { cell, witnesses } = await runCell(place.spec(steps), place.options());
    expect(Object.keys(cell.model)).toEqual(['id', 'sha256', 'file']);
    expect(readNpz(witnesses!.bytes, 'witnesses').has('straightThrough')).toBe(false);
  });
});

describe('a model that draws random numbers', () => {
  it('is marked in its cells, whose result does not depend on the batch size', async () => {
    const place = await world(plugins, { graph: droppingGraph() });
    for (const plan of [steps, signs, faded]) {
      const [one, other] = [await completed(place, plan, 1), await completed(place, plan, 128)];
      validateResult('cell', one, 'the cell');
      expect(one.model.stochastic).toBe(true);
      expect(untimed(one)).toEqual(untimed(other));
    }
  });

  it('has witnesses that hold on the draw they were found on', async () => {
    const place = await world(plugins, { graph: droppingGraph() });
    const { cell, witnesses } = await runCell(place.spec(steps), place.options());
    if (cell.status !== 'completed') throw new Error(cell.reason.message);
    const report = await replayCell(cell, witnesses!.bytes, place.classifier);
    expect(report.witnesses).toBeGreaterThan(0);
    expect(report.failures).toEqual([]);
  });
});
