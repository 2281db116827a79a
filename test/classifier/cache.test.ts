import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ClassifierCache } from '../../src/classifier/cache.js';
import type { Engine } from '../../src/engine/engine.js';
import type { ModelReference } from '../../src/evaluate/cell.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { resolveModel } from '../../src/models/reference.js';
import { randomMlp } from '../fixtures/graphs.js';
import { engine, randomBatch } from './loaded.js';

let models: ModelReference[];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-cache-'));
  models = await Promise.all(
    [0, 1, 2].map(async (seed) => {
      const path = join(folder, `m${seed}.onnx`);
      await writeFile(path, writeOnnx(randomMlp(seed, [6, 4])));
      return resolveModel(path);
    }),
  );
});

/** The engine, with a count of the sessions that are open. */
function watched(): { engine: Engine; open: () => number } {
  let open = 0;
  return {
    open: () => open,
    engine: {
      id: engine.id,
      version: engine.version,
      compile: async (graph, options) => {
        const session = await engine.compile(graph, options);
        open++;
        return { run: session.run.bind(session), release: async () => (open--, session.release()) };
      },
    },
  };
}

describe('the cache of classifiers', () => {
  it('gives the same classifier for the same model, also to simultaneous users', async () => {
    const cache = new ClassifierCache(engine);
    const [a, b] = await Promise.all([cache.get(models[0]!), cache.get(models[0]!)]);
    expect(a).toBe(b);
    expect(await cache.get(models[0]!)).toBe(a);
    expect(await cache.get(models[1]!)).not.toBe(a);
    await cache.dispose();
  });

  it('keeps a classifier with straight-through gradients apart from one with exact ones', async () => {
    const path = join(folder, 'rounded.onnx');
    const graph = randomMlp(3, [6, 4]);
    const builder = new GraphBuilder({ ...graph, nodes: [], outputs: [] });
    const logits = graph.nodes.map((node) => ({ ...node, outputs: ['scores'] }));
    builder.addNamed('Round', ['scores'], 'logits');
    const { nodes } = builder.build();
    await writeFile(path, writeOnnx({ ...graph, nodes: [...logits, ...nodes] }));
    const cache = new ClassifierCache(engine);
    const request = { labels: Int32Array.of(0), loss: 'ce' };
    const reference = await resolveModel(path);
    const exact = await cache.get(reference);
    const straight = await cache.get({ ...reference, gradient: 'straight-through' });
    await expect(exact.lossGradient(randomBatch(1, 1, [6]), request)).rejects.toThrow(/operator Round/);
    const { gradient } = await straight.lossGradient(randomBatch(1, 1, [6]), request);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    await cache.dispose();
  });

  it('frees the model used longest ago when there is one too many', async () => {
    const { engine: counted, open } = watched();
    const cache = new ClassifierCache(counted, { capacity: 2 });
    const first = await cache.get(models[0]!);
    const second = await cache.get(models[1]!);
    expect(await cache.get(models[0]!)).toBe(first);
    await cache.get(models[2]!);
    expect(open()).toBe(2);
    expect(await cache.get(models[0]!)).toBe(first);
    expect(await cache.get(models[1]!)).not.toBe(second);
    await cache.dispose();
    expect(open()).toBe(0);
  });

  it('never frees a classifier in use', async () => {
    const cache = new ClassifierCache(engine, { capacity: 1 });
    const batch = randomBatch(1, 3, [6]);
    const logits = await cache.use(models[0]!, async (classifier) => {
      await cache.get(models[1]!);
      await cache.get(models[2]!);
      return classifier.logits(batch);
    });
    expect(logits).toHaveLength(12);
    await cache.dispose();
  });

  it('tries a model that failed to load again', async () => {
    const cache = new ClassifierCache(engine);
    const path = join(folder, 'late.onnx');
    await writeFile(path, 'not yet');
    const broken = await resolveModel(path);
    await expect(cache.get(broken)).rejects.toMatchObject({ key: 'MODEL_UNREADABLE' });
    await writeFile(path, writeOnnx(randomMlp(7, [6, 4])));
    await expect(cache.get(broken)).rejects.toMatchObject({ key: 'MODEL_INVALID' });
    expect(await cache.get(await resolveModel(path))).toMatchObject({ numClasses: 4 });
    await cache.dispose();
  });
});
