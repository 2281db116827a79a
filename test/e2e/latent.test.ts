import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { randomMlp } from '../fixtures/graphs.js';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
afterAll(() => folder.remove());

const schema = JSON.parse(readFileSync('results/schema/latent.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false, discriminator: true }).compile(
  schema,
);

const small = ['--examples', '200', '--train-examples', '300'];

describe('gauntlet latent', () => {
  it('prints one object of the committed schema', async () => {
    const { status, stdout } = await cli([
      'latent',
      'mnist-mlp-binenc',
      ...small,
      '--deepfool',
      '2',
      '--json',
    ]);
    expect(status).toBe(0);
    const output = JSON.parse(stdout) as object;
    expect({ valid: validate(output), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(output).toMatchObject({ kind: 'latent', width: 32, deepfool: { n: 2 } });
  });

  it('prints tables for people, the code book among them', async () => {
    const { status, stdout } = await cli([
      ...['latent', 'mnist-mlp-binenc', ...small],
      ...['--no-train-data', '--histograms'],
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mnist-mlp-binenc: 32 units, 10 classes$/m);
    expect(stdout).toMatch(/^ +within class \(NC1\) +0\.\d+$/m);
    expect(stdout).toMatch(/^ +0 +[01]{8} [01]{8} [01]{8} [01]{8} +[\d.]+ % /m);
    expect(stdout).toMatch(/^all, peaks at -1 and 1 +-2.05 {2}[·▁-█]{41} {2}2.05$/m);
    expect(stdout).toMatch(/^31 +-?[\d.]+ {2}[·▁-█]{32} +-?[\d.]+$/m);
    expect(stdout).toContain('No training images');
  });

  it('refuses a model that does not name its penultimate layer', async () => {
    const path = join(folder.path, 'mlp.onnx');
    writeFileSync(path, writeOnnx(randomMlp(1, [784, 10])));
    const { status, stderr, stdout } = await cli(['latent', path, '--data', 'mnist', ...small]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('GAUNTLET_E_NO_FEATURES');
  });
});
