import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { attackModel, type AttackModelOptions, type AttackModelRequest } from '../../src/api/attack-model.js';
import { replayStoredCell } from '../../src/api/replay-cell.js';
import type { ModelSource } from '../../src/api/live-models.js';
import type { CompletedCell, UnfinishedCell } from '../../src/evaluate/cell.js';
import { loadAttack } from '../../src/plugin/registry.js';
import { attackOutput } from '../../src/results/attack-output.js';
import { openRunStore } from '../../src/results/store.js';
import { modelRemarks } from '../../src/results/model-remarks.js';
import { CLASSES, COUNT, gradientFree, twin, twinFolder } from '../models/defined/twin.js';

// Jest links modules that are imported side by side only when it has seen them before.
for (const id of ['pgd', 'fgsm', 'square', 'hopskipjump', 'boundary', 'fmn', 'mifgsm']) await loadAttack(id);

const folder = await twinFolder();
const LINF = { kind: 'lp', norm: 'linf', epsilon: 0.06 } as const;

async function attack(
  model: ModelSource,
  request: Partial<AttackModelRequest> = {},
  options: AttackModelOptions = {},
): Promise<CompletedCell> {
  const { cell } = await attackModel({ model, data: folder.data, threat: LINF, ...request }, options);
  if (cell.status !== 'completed') throw new Error(`${cell.status}: ${cell.reason.message}`);
  return cell;
}

async function unfinished(
  model: ModelSource,
  request: Partial<AttackModelRequest> = {},
  options: AttackModelOptions = {},
): Promise<UnfinishedCell> {
  const { cell } = await attackModel({ model, data: folder.data, threat: LINF, ...request }, options);
  if (cell.status === 'completed') throw new Error('completed');
  return cell;
}

const SQUARE = { attack: 'square', parameters: { queries: 60 } };
/** Examples a square attack of 60 queries asks about at most: clean, queries, judge. */
const SQUARE_COST = COUNT * 62;

describe('a model that is code', () => {
  it.each([
    ['pgd', LINF, { steps: 8 }],
    ['pgd', { kind: 'lp', norm: 'l2', epsilon: 0.3 }, { steps: 8, loss: 'dlr' }],
    ['fmn', { kind: 'minimum', norm: 'l2' }, { steps: 15 }],
    ['square', LINF, { queries: 60 }],
    ['hopskipjump', { kind: 'minimum', norm: 'l2' }, { queries: 200 }],
  ] as const)(
    'comes to the same outcomes as the same network as a file: %s',
    async (id, threat, parameters) => {
      const request = { attack: id, threat, parameters } as const;
      const [own, native] = [
        await attack(twin(), request),
        await attack(folder.model, request, { executor: 'inline' }),
      ];
      expect(own.outcomes).toBe(native.outcomes);
      expect(own.outcomes).toContain('f');
      expect(own.passes).toEqual(native.passes);
    },
  );

  it('runs in this thread, and says so', async () => {
    const notes: string[] = [];
    await attack(twin(), { attack: 'fgsm' }, { onNote: (line) => notes.push(line) });
    expect(notes).toEqual(['twin is no file that workers could load: everything runs in this thread.']);
    await attack(twin(), { attack: 'fgsm' }, { executor: 'inline', onNote: (line) => notes.push(line) });
    expect(notes).toHaveLength(1);
  });

  it('has the same result whatever the sizes of batches and calls', async () => {
    const whole = { ...(await attack(twin(), SQUARE)), timing: null };
    for (const [changes, batchSize] of [
      [{ batchSize: 1 }, 128],
      [{ batchSize: 7, concurrency: 3 }, 5],
    ] as const) {
      const found = { ...(await attack(twin(changes), SQUARE, { batchSize })), timing: null };
      expect(found).toEqual(whole);
    }
  });

  it('is known by what it says of itself, and results say so', async () => {
    const cell = await attack(twin(), { attack: 'fgsm' });
    expect(cell.model).toMatchObject({
      id: 'twin',
      file: 'memory:twin',
      declared: { by: 'code', version: '1', gradients: true },
    });
    expect(cell.provenance.engine).toEqual({ id: 'code', version: '1' });
    expect(attackOutput(cell).model).toEqual(cell.model);
    expect(modelRemarks(cell.model)).toEqual([
      'the model is no file (code, version 1); its hash is of what it says of itself',
    ]);
  });

  it('without gradients is refused to attacks that follow them, before anything is asked of it', async () => {
    let calls = 0;
    const model = gradientFree({ predict: () => [calls++] });
    for (const id of ['pgd', 'fgsm']) {
      const refused = attackModel({ model, data: folder.data, threat: LINF, attack: id });
      await expect(refused).rejects.toMatchObject({
        key: 'NO_GRADIENT',
        message: `${id} follows gradients, and twin gives none.`,
        help: expect.stringContaining('square') as unknown,
      });
    }
    expect(calls).toBe(0);
  });

  it('without gradients is attacked with those of a surrogate', async () => {
    const cell = await attack(gradientFree(), { attack: 'mifgsm', surrogate: folder.model });
    expect(cell.outcomes).toContain('f');
    const other = await attack(folder.model, { attack: 'mifgsm', surrogate: twin() });
    expect(other.outcomes).toBe(cell.outcomes);
    expect(other.plan).toMatchObject({ stages: [{ surrogate: { declared: { by: 'code' } } }] });
    expect(attackOutput(other).surrogate).toMatchObject({ id: 'twin', declared: { by: 'code' } });
  });

  it('may have scores that are not finite: such examples are invalid', async () => {
    const { predict } = twin();
    const model = twin({
      predict: async (data, n, signal) => {
        const scores = Array.from(await predict(data, n, signal));
        return scores.map((score, i) => (data[Math.floor(i / CLASSES) * 36]! > 0.5 ? NaN : score));
      },
    });
    const cell = await attack(model, { attack: 'fgsm' });
    expect(cell.outcomes).toMatch(/^[rfwi]*i[rfwi]*$/);
    expect(cell.invalid).toBeGreaterThan(5);
    expect(cell.robust.correct + cell.invalid).toBeLessThanOrEqual(COUNT);
  });

  it('takes neither card nor output', async () => {
    await expect(attack(twin(), { output: 'logits' })).rejects.toMatchObject({ key: 'USAGE' });
  });
});

describe('a limit or a failure of the model', () => {
  it('ends the cell as timed out when the budget of queries is used up', async () => {
    expect(await unfinished(twin({ queryBudget: 5 * COUNT }), SQUARE)).toMatchObject({
      status: 'timed-out',
      reason: {
        code: 'GAUNTLET_E_QUERY_BUDGET',
        message: expect.stringContaining('100 examples') as unknown,
      },
    });
    await attack(twin({ queryBudget: SQUARE_COST }), SQUARE);
    const options = { ownModels: { queryBudget: 10 } };
    expect(await unfinished(twin({ queryBudget: SQUARE_COST }), SQUARE, options)).toMatchObject({
      status: 'timed-out',
    });
  });

  it.each(['square', 'hopskipjump', 'boundary', 'pgd'])(
    'is an error of the cell, and nothing is robust, when the model fails in the middle of %s',
    async (id) => {
      let calls = 0;
      const { predict } = twin();
      const model = twin({
        predict: (data, n, signal) => {
          if (++calls === 4) throw new Error('out of memory');
          return predict(data, n, signal);
        },
      });
      const threat = id === 'boundary' ? ({ kind: 'minimum', norm: 'l2' } as const) : LINF;
      const cell = await unfinished(model, { attack: id, threat });
      expect(cell).toMatchObject({ status: 'error', reason: { code: 'GAUNTLET_E_MODEL_FAILED' } });
      // The cell is over: nothing is asked any more.
      expect(calls).toBe(4);
    },
  );

  it('ends the cell even when the attack makes light of it', async () => {
    const plugin = join(folder.path, 'careless.mjs');
    const metadata = {
      ...{ id: 'careless', title: 'Careless', summary: 'Swallows errors', paper: 'none', version: '1.0.0' },
      ...{ apiVersion: 1, threats: ['lp'], norms: ['linf'], goals: ['untargeted'], access: 'scores' },
      ...{ stochastic: false, linear: 'none' },
    };
    writeFileSync(
      plugin,
      `export default {
        kind: 'attack',
        metadata: { ...${JSON.stringify(metadata)}, cost: () => ({ forward: 1, gradient: 0 }) },
        parameters: { type: 'object', additionalProperties: false, properties: {} },
        run: async (classifier, batch) => {
          await classifier.logits(batch).catch(() => undefined);
          return { kind: 'examples', data: batch.data };
        },
      };`,
    );
    let calls = 0;
    const { predict } = twin();
    const model = twin({
      predict: (data, n, signal) => (++calls === 2 ? [] : predict(data, n, signal)),
    });
    const cell = await unfinished(model, { attack: 'careless' }, { plugins: [plugin] });
    expect(cell).toMatchObject({ status: 'error', reason: { code: 'GAUNTLET_E_MODEL_ANSWER' } });
  });

  it('does not outlive an abort, even of a model that never answers', async () => {
    const controller = new AbortController();
    const model = twin({
      predict: () => {
        setTimeout(() => controller.abort(new Error('enough')), 10);
        return new Promise<never>(() => undefined);
      },
    });
    await expect(unfinished(model, SQUARE, { signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('a kept cell of a model that is code', () => {
  const keep = async (model: ModelSource): Promise<string> => {
    const out = join(folder.path, 'kept');
    const { cell, witnesses } = await attackModel({ model, data: folder.data, threat: LINF, attack: 'fgsm' });
    await (await openRunStore(out)).save(cell, witnesses);
    return join(out, 'cells', `${cell.model.id}--${cell.entry}.json`);
  };

  it('is verified with the model handed in again', async () => {
    const cell = await keep(twin());
    const { witnesses, verified } = await replayStoredCell(cell, { model: twin() });
    expect([witnesses > 0, verified]).toEqual([true, witnesses]);
    await expect(replayStoredCell(cell)).rejects.toMatchObject({
      key: 'MODEL_NOT_FOUND',
      message: 'twin is no file that could be opened again; it was memory:twin',
    });
    const other = replayStoredCell(cell, { model: twin({ version: '2' }) });
    await expect(other).rejects.toMatchObject({ key: 'WITNESS_INVALID' });
  });

  it('does not hold for a model that only says that it is the same', async () => {
    const cell = await keep(twin());
    const impostor = twin({ predict: (_data, n) => new Array<number>(n * CLASSES).fill(0) });
    const { verified } = await replayStoredCell(cell, { model: impostor });
    expect(verified).toBe(0);
  });
});
