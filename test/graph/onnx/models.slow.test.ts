import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../../src/engine/runner.js';
import type { Graph, GraphRunner } from '../../../src/graph/ir.js';
import { readOnnx } from '../../../src/graph/onnx/read.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';
import { dropIdentities } from '../../../src/graph/passes/drop-identities.js';
import { foldBatchNormalization } from '../../../src/graph/passes/fold-batch-normalization.js';
import { foldConstants } from '../../../src/graph/passes/fold-constants.js';
import { rebatch } from '../../../src/graph/passes/rebatch.js';
import { upgradeOpset } from '../../../src/graph/passes/upgrade-opset.js';
import { probeFeeds } from '../../../src/graph/probe.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { largestDifference } from '../../fixtures/compare.js';
import { fixtures } from '../../fixtures/external.js';

const folder = join(fixtures ?? '', 'models');
const models = fixtures === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.onnx'));
const load = (name: string): Graph => readOnnx(readFileSync(join(folder, name)), name);

let run: GraphRunner;
beforeAll(async () => {
  run = runnerOf(await createOnnxRuntimeEngine());
});

/** Largest difference of the first output on a batch of `batch` probes, relative to the largest logit. */
async function change(before: Graph, after: Graph, batch: number): Promise<number> {
  const feeds = probeFeeds(before, batch);
  const name = before.outputs[0]!.name;
  const [expected, actual] = [await run(before, feeds), await run(after, feeds)];
  return largestDifference(actual[name]!, expected[name]!);
}

if (models.length === 0)
  it.skip('published models: GAUNTLET_FIXTURES does not point to a folder with models/*.onnx', () =>
    undefined);
else
  describe.each(models)('%s', (name) => {
    it('is the same graph after writing and reading it again', () => {
      const graph = load(name);
      const again = readOnnx(writeOnnx(graph), name);
      // Not toEqual, which takes seconds over large typed arrays. Order does not matter to a Map's equality.
      expect(isDeepStrictEqual(again, graph)).toBe(true);
      expect(Buffer.compare(writeOnnx(again), writeOnnx(graph))).toBe(0);
    });

    it('keeps its logits when brought to operator set 17', async () => {
      const graph = load(name);
      const upgraded = upgradeOpset(graph);
      expect(upgraded.opsets['']).toBe(17);
      expect(await change(graph, upgraded, 3)).toBeLessThanOrEqual(1e-5);
    });

    it('keeps its logits when re-batched, row by row', async () => {
      const graph = load(name);
      const batched = await rebatch(graph, run);
      expect(typeof batched.inputs[0]!.dims[0]).toBe('string');
      expect(await change(graph, batched, 1)).toBeLessThanOrEqual(1e-5);
    });

    it('keeps its logits through all simplifications, after which every shape is known', async () => {
      const graph = await rebatch(load(name), run);
      const simple = foldBatchNormalization(await foldConstants(dropIdentities(upgradeOpset(graph)), run));
      expect(await change(graph, simple, 3)).toBeLessThanOrEqual(1e-5);
      const shapes = await inferShapes(simple, run);
      const logits = shapes.get(simple.outputs[0]!.name)!;
      expect(logits.dims[0]).toEqual({ batch: 1 });
      const values = simple.nodes.flatMap((node) => node.outputs);
      expect(values.filter((value) => !shapes.has(value))).toEqual([]);
    });
  });
