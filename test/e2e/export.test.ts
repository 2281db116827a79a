import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import type { ExportReport } from '../../src/results/schema/export-report.js';
import { cli, scratchFolder, type Finished } from './cli.js';

const MODEL = 'mnist-mlp-binenc';
const folder = scratchFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);

const schema = JSON.parse(readFileSync('results/schema/export.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);

/** What becomes of each example under an attack. */
async function attacked(model: string): Promise<string> {
  const attack = [
    '--attack',
    'fgsm',
    '--data',
    'mnist',
    '--epsilon',
    '0.1',
    '--examples',
    '60',
    '--executor',
    'inline',
  ];
  const { status, stdout, stderr } = await cli(['attack', model, ...attack, '--json']);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(stdout) as { outcomes: string }).outcomes;
}

describe('export on the command line', () => {
  let first: Finished;
  beforeAll(async () => {
    first = await cli(['export', MODEL, '--format', 'tfjs-layers', '--out', at('layers'), '--json']);
  });

  it('says in JSON what was written', () => {
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(first.stdout) as ExportReport;
    expect(validate(report)).toBe(true);
    expect(report).toMatchObject({
      format: 'tfjs-layers',
      output: 'logits',
      features: 'features',
      numClasses: 10,
    });
  });

  it('writes layers that can be attacked at once, with the same outcome', async () => {
    const outcome = await attacked(MODEL);
    expect(outcome).toMatch(/^[rf]*f[rf]*$/);
    expect(await attacked(at('layers'))).toBe(outcome);
  });

  it('makes ONNX of these layers', async () => {
    const again = await cli(['export', at('layers'), '--format', 'onnx', '--out', at('again.onnx')]);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain(`${MODEL} as onnx: `);
    expect(again.stdout).toContain('input     [28, 28, 1] NHWC, 0 to 1');
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
