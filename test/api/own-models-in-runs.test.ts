import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { attackModel, type AttackModelRequest } from '../../src/api/attack-model.js';
import { runSuite, type RunSuiteOptions, type SuiteRun } from '../../src/api/run-suite.js';
import type { ModelSource } from '../../src/api/live-models.js';
import type { CompletedCell, UnfinishedCell } from '../../src/evaluate/cell.js';
import { loadAttack, loadCorruption } from '../../src/plugin/registry.js';
import { modelServer, sendJson } from '../models/http/server.js';
import { COUNT, gradientFree, servedTwin, twin, twinFolder } from '../models/defined/twin.js';

// Jest links modules that are imported side by side only when it has seen them before.
for (const id of ['fgsm', 'square', 'hopskipjump']) await loadAttack(id);
await loadCorruption('contrast');

const folder = await twinFolder();
const LINF = { kind: 'lp', norm: 'linf', epsilon: 0.06 } as const;

async function attack(model: ModelSource, request: Partial<AttackModelRequest>): Promise<CompletedCell> {
  const options = { executor: 'inline' } as const;
  const { cell } = await attackModel({ model, data: folder.data, threat: LINF, ...request }, options);
  if (cell.status !== 'completed') throw new Error(`${cell.status}: ${cell.reason.message}`);
  return cell;
}

describe('a model that is code in a suite', () => {
  const suite = join(folder.path, 'small.yaml');
  writeFileSync(
    suite,
    `id: small
version: 1
title: Small
dataset: { source: ${folder.data}, split: test }
examples: { first: ${COUNT} }
models: [${folder.model}]
seed: 1
entries:
  - { id: fgsm, kind: attack, attack: fgsm, threat: { kind: lp, norm: linf, epsilon: 0.06 } }
  - { id: square, kind: attack, attack: square, parameters: { queries: 60 }, threat: { kind: lp, norm: linf, epsilon: 0.06 } }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [1, 3] }
`,
  );
  const run = (
    out: string,
    models: readonly ModelSource[],
    options: RunSuiteOptions = {},
  ): Promise<SuiteRun> => runSuite({ suite, models, out: join(folder.path, out) }, options);
  const summary = ({ cells }: SuiteRun) =>
    cells.map(({ model, entry, status, ...rest }) => [
      ...[model.id, entry, status],
      'outcomes' in rest ? rest.outcomes : '',
    ]);

  it('has the figures of the same network as a file', async () => {
    const both = await run('both', [folder.model, twin()]);
    const [native, own] = [summary(both).slice(0, 4), summary(both).slice(4)];
    expect(own.map(([, ...rest]) => rest)).toEqual(native.map(([, ...rest]) => rest));
    expect(both.leaderboard.rows.map(({ model }) => model.declared?.by)).toEqual([undefined, 'code']);
    expect(both.suite.id).toBe('small+models=native,twin');
    const manifest = JSON.parse(readFileSync(join(both.folder, 'run.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ models: [{ id: 'native' }, { id: 'twin', declared: { by: 'code' } }] });
  });

  it('leaves attacks by gradient out where it has none', async () => {
    const found = summary(await run('free', [gradientFree()]));
    expect(found.map(([, entry, status]) => [entry, status])).toEqual([
      ['fgsm', 'not-applicable'],
      ['square', 'completed'],
      ['contrast-1', 'completed'],
      ['contrast-3', 'completed'],
    ]);
  });

  it('shares one budget among all cells; what was finished is kept, and the next run goes on from there', async () => {
    const whole = summary(await run('whole', [twin()]));
    // Enough for fgsm (clean images, a gradient, a verdict) and no more than the start of square.
    const first = summary(await run('parts', [twin({ queryBudget: 5 * COUNT })]));
    expect(first.map(([, entry, status]) => [entry, status])).toEqual([
      ['fgsm', 'completed'],
      ['square', 'timed-out'],
      ['contrast-1', expect.anything()],
      ['contrast-3', expect.anything()],
    ]);
    const seen: string[] = [];
    const second = await run('parts', [twin()], {
      onEvent: (event) => seen.push(`${event.kind} ${event.spec.entry}`),
    });
    expect(summary(second)).toEqual(whole);
    expect(seen[0]).toBe('cell-resumed fgsm');
  });

  it('is asked nothing while the run is planned', async () => {
    const asked: number[] = [];
    const { predict } = twin();
    const model = twin({
      predict: (data, n, signal) => {
        asked.push(n);
        return predict(data, n, signal);
      },
    });
    await run('planned', [model], {
      onPlan: ({ estimates, seconds }) => {
        expect([estimates.size, seconds, asked]).toEqual([0, null, []]);
      },
    });
    expect(asked.length).toBeGreaterThan(0);
  });

  it('is not taken from a suite file, which may be a stranger’s: code is run only for who names it', async () => {
    const module = join(folder.path, 'own.mjs');
    writeFileSync(module, `throw new Error('was run');`);
    const text = readFileSync(suite, 'utf8').replace(folder.model, module);
    const other = join(folder.path, 'other.yaml');
    writeFileSync(other, text);
    const out = join(folder.path, 'other');
    await expect(runSuite({ suite: other, out })).rejects.toMatchObject({ key: 'MODEL_INVALID' });
    await expect(runSuite({ suite, models: [module], out })).rejects.toThrow('was run');
  });

  it('must be told from others', async () => {
    await expect(run('two', [twin(), twin()])).rejects.toMatchObject({ key: 'MODEL_INVALID' });
  });
});

describe('a model behind HTTP', () => {
  const server = modelServer(servedTwin);

  it('ends the cell when it fails for good, naming the endpoint; other cells still come to something', async () => {
    const source = { kind: 'http', url: server.url('v2'), retries: 1, pause: 0.001, batchSize: 8 } as const;
    const suite = join(folder.path, 'served.yaml');
    writeFileSync(
      suite,
      `id: served
version: 1
title: Served
dataset: { source: ${folder.data}, split: test }
examples: { first: 8 }
models: [${folder.model}]
seed: 1
entries:
  - { id: square, kind: attack, attack: square, parameters: { queries: 10 }, threat: { kind: lp, norm: linf, epsilon: 0.1 } }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [3] }
`,
    );
    let questions = 0;
    server.behave((request, response, usual) => {
      const down = request.method === 'POST' && ++questions > 2 && questions < 5;
      if (down) response.writeHead(502).end('<html>Bad gateway</html>');
      else sendJson(response, usual());
    });
    const { cells } = await runSuite({ suite, models: [source], out: join(folder.path, 'served') });
    expect(cells.map(({ status }) => status)).toEqual(['error', 'completed']);
    expect((cells[0] as UnfinishedCell).reason).toEqual({
      code: 'GAUNTLET_E_MODEL_FAILED',
      message: `${server.url('v2')}/infer: the server answered 502: <html>Bad gateway</html> (2 tries).`,
    });
  });

  it('comes to the outcomes of the same network as a file', async () => {
    for (const [id, threat] of [
      ['square', LINF],
      ['hopskipjump', { kind: 'minimum', norm: 'l2' }],
    ] as const) {
      const request = { attack: id, threat, parameters: { queries: 60 }, examples: 8 };
      const [served, native] = [await attack(server.url('v2'), request), await attack(folder.model, request)];
      expect(served.outcomes).toBe(native.outcomes);
      expect(served.outcomes).toContain('f');
    }
  });

  it('gets headers only where the user names it, not from a suite file', async () => {
    const text = readFileSync(join(folder.path, 'small.yaml'), 'utf8').replace(
      folder.model,
      server.url('v2'),
    );
    const suite = join(folder.path, 'named.yaml');
    writeFileSync(suite, text);
    const tokens = async (models: readonly string[] | undefined, out: string) => {
      server.seen.length = 0;
      const request = { suite, entries: ['contrast'], examples: 2, ...(models && { models }) };
      const options = { ownModels: { headers: { 'x-token': 'secret' } } };
      await runSuite({ ...request, out: join(folder.path, out) }, options);
      return new Set(server.seen.map(({ headers }) => headers['x-token']));
    };
    expect(await tokens(undefined, 'unnamed')).toEqual(new Set([undefined]));
    expect(await tokens([server.url('v2')], 'named')).toEqual(new Set(['secret']));
  });

  it('gives the same result when every other question fails', async () => {
    const source = { kind: 'http', url: server.url('v1'), pause: 0.001, queryBudget: 700 } as const;
    const request = { examples: 8, attack: 'square', parameters: { queries: 30 } };
    const sound = { ...(await attack(source, request)), timing: null };
    let questions = 0;
    server.behave((_request, response, usual) => {
      if (++questions % 2 === 0) response.writeHead(503).end();
      else sendJson(response, usual());
    });
    const shaky = { ...(await attack(source, request)), timing: null };
    expect(shaky).toEqual(sound);
    expect(sound.model).toMatchObject({
      file: server.url('v1'),
      declared: { by: 'tf-serving', version: '3' },
    });
  });
});
