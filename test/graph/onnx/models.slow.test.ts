import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.js';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime/engine.js';
import type { Graph } from '../../../src/graph/ir.js';
import { readOnnx } from '../../../src/graph/onnx/read.js';
import { writeOnnx } from '../../../src/graph/onnx/write.js';

const fixtures = process.env['GAUNTLET_FIXTURES'];
const folder = join(fixtures ?? '', 'models');
const models = fixtures === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.onnx'));
const load = (name: string): Graph => readOnnx(readFileSync(join(folder, name)), name);

if (models.length === 0)
  it.skip('published models: GAUNTLET_FIXTURES does not point to a folder with models/*.onnx', () =>
    undefined);
else
  describe.each(models)('%s', (name) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await createOnnxRuntimeEngine();
    });

    it('is the same graph after writing and reading it again', () => {
      const graph = load(name);
      const again = readOnnx(writeOnnx(graph), name);
      // Not toEqual, which takes seconds over large typed arrays. Order does not matter to a Map's equality.
      expect(isDeepStrictEqual(again, graph)).toBe(true);
      expect(Buffer.compare(writeOnnx(again), writeOnnx(graph))).toBe(0);
    });

    it('compiles as written', async () => {
      const session = await engine.compile(load(name));
      await session.release();
    });
  });
