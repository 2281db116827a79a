import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import type { ExportReport } from '../../src/results/schema/export-report.js';
import { cli, scratchFolder } from './cli.js';

const MODEL = 'mnist-mlp-binenc';
const folder = scratchFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);

const schema = JSON.parse(readFileSync('results/schema/export.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);

/** What becomes of each example under an attack. */
async function attacked(model: string): Promise<string> {
  const attack = ['--attack', 'fgsm', '--data', 'mnist', '--epsilon', '0.1', '--examples', '60'];
  const { status, stdout, stderr } = await cli(['attack', model, ...attack, '--json']);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(stdout) as { outcomes: string }).outcomes;
}

describe('export on the command line', () => {
  it('writes layers that can be attacked at once, then ONNX made of them, with the same outcome', async () => {
    const first = await cli(['export', MODEL, '--format', 'tfjs-layers', '--out', at('layers'), '--json']);
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(first.stdout) as ExportReport;
    expect(validate(report)).toBe(true);
    expect(report).toMatchObject({
      format: 'tfjs-layers',
      output: 'logits',
      features: 'features',
      numClasses: 10,
    });
    const second = await cli(['export', at('layers'), '--format', 'onnx', '--out', at('again.onnx')]);
    expect(second.status).toBe(0);
    expect(second.stdout).toContain(`${MODEL} as onnx: `);
    expect(second.stdout).toContain('input     [28, 28, 1] NHWC, 0 to 1');
    const outcome = await attacked(MODEL);
    expect(outcome).toMatch(/^[rf]*f[rf]*$/);
    expect(await attacked(at('layers'))).toEqual(outcome);
    expect(await attacked(at('again.onnx'))).toEqual(outcome);
  });

  it('names the operator and the node that no layer can express, and writes nothing', async () => {
    const builder = new GraphBuilder({ name: 'sine', opsets: { '': 17 } });
    builder.addNamed('Sin', [builder.input('x', 'float32', [BATCH, 3])], 'wave');
    builder.output('wave', 'float32', [BATCH, 3]);
    writeFileSync(at('sine.onnx'), writeOnnx(builder.build()));
    const { status, stdout, stderr } = await cli([
      ...['export', at('sine.onnx'), '--format', 'tfjs-layers', '--out', at('sine')],
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('GAUNTLET_E_EXPORT_UNSUPPORTED');
    expect(stderr).toMatch(/node "\w+" \(Sin\)/);
    expect(existsSync(at('sine'))).toBe(false);
  });

  it('wants a format that there is, and a place that is free', async () => {
    const wrong = await cli(['export', MODEL, '--format', 'keras', '--out', at('keras')]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('tfjs-layers');
    writeFileSync(at('there.onnx'), '');
    const taken = await cli(['export', MODEL, '--format', 'onnx', '--out', at('there.onnx')]);
    expect(taken.status).toBe(2);
    expect(taken.stderr).toContain('--force');
    expect(
      (await cli(['export', MODEL, '--format', 'onnx', '--out', at('there.onnx'), '--force'])).status,
    ).toBe(0);
  });
});
