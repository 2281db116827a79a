import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { exportModel } from '../../src/api/export-model.js';
import { openClassifier } from '../../src/api/open-classifier.js';
import { sha256 } from '../../src/fingerprint.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { resolveModel } from '../../src/models/reference.js';
import { randomBatch } from '../classifier/loaded.js';
import { randomMlp } from '../fixtures/graphs.js';

const ZOO = 'mnist-mlp-nonlinpen';
const folder = mkdtempSync(join(tmpdir(), 'gauntlet-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

describe('exportModel', () => {
  it('writes layers and a card, which are a model of the same logits to every command', async () => {
    const report = await exportModel(ZOO, { format: 'tfjs-layers', out: at('layers') });
    expect(readdirSync(at('layers')).sort()).toEqual(['card.json', 'group1-shard1of1.bin', 'model.json']);
    for (const { path, bytes, sha256: hash } of report.files) {
      const content = readFileSync(path);
      expect([content.length, sha256(content)]).toEqual([bytes, hash]);
    }
    const found = await resolveModel(at('layers'));
    expect(report.exported).toEqual({ path: at('layers', 'model.json'), sha256: found.sha256 });
    expect(found.id).toBe(ZOO);
    const [original, copy] = [await openClassifier(ZOO), await openClassifier(at('layers'))];
    const batch = randomBatch(3, 20, original.input.shape);
    const moved = { ...batch, shape: copy.input.shape };
    expect(copy.input).toEqual({ shape: [28, 28, 1], layout: 'NHWC', bounds: [0, 1] });
    const [expected, logits] = [await original.logits(batch), await copy.logits(moved)];
    logits.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    await original.dispose();
    await copy.dispose();
  });

  it('splits weights into files of 4 MiB', async () => {
    writeFileSync(at('wide.onnx'), writeOnnx(randomMlp(1, [1000, 1500, 3])));
    const { files } = await exportModel(at('wide.onnx'), { format: 'tfjs-layers', out: at('wide') });
    expect(files.map(({ path, bytes }) => [path.slice(at('wide').length + 1), bytes]).slice(1, -1)).toEqual([
      ['group1-shard1of2.bin', 4194304],
      ['group1-shard2of2.bin', (1000 * 1500 + 1500 + 1500 * 3 + 3) * 4 - 4194304],
    ]);
  });

  it('gives the same bytes each time', async () => {
    const hashes = async (name: string) => {
      const { files } = await exportModel(ZOO, { format: 'onnx', out: at(`${name}.onnx`) });
      return files.map((file) => file.sha256);
    };
    expect(await hashes('one')).toEqual(await hashes('two'));
  });

  it('writes over nothing unless it is told to', async () => {
    mkdirSync(at('full'));
    writeFileSync(at('full', 'notes.txt'), 'mine');
    writeFileSync(at('taken.card.json'), '{"schemaVersion":1}');
    const cases = [
      { format: 'tfjs-layers', out: at('full') },
      { format: 'tfjs-layers', out: at('taken.card.json') },
      { format: 'onnx', out: at('taken.onnx') },
    ] as const;
    for (const options of cases)
      await expect(exportModel(ZOO, options)).rejects.toThrow(
        expect.objectContaining({ key: 'FILE_EXISTS' }),
      );
    await exportModel(ZOO, { format: 'tfjs-layers', out: at('full'), force: true });
    await exportModel(ZOO, { format: 'onnx', out: at('taken.onnx'), force: true });
    expect(readdirSync(at('full'))).toContain('notes.txt');
    expect((await resolveModel(at('taken.onnx'))).id).toBe(ZOO);
  });

  it('refuses to write over the model itself, another ending, and a format there is not', async () => {
    writeFileSync(at('itself.onnx'), writeOnnx(randomMlp(1, [4, 3])));
    const refusals = [
      [{ format: 'onnx', out: at('itself.onnx'), force: true }, 'FILE_EXISTS'],
      [{ format: 'onnx', out: at('model.pb') }, 'USAGE'],
      [{ format: 'keras' as 'onnx', out: at('keras') }, 'USAGE'],
    ] as const;
    for (const [options, key] of refusals)
      await expect(exportModel(at('itself.onnx'), options)).rejects.toThrow(expect.objectContaining({ key }));
  });
});
