import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { cli, scratchFolder } from './cli.js';

const MODEL = 'mnist-mlp-binenc';
const folder = scratchFolder();
afterAll(() => folder.remove());

const schema = JSON.parse(readFileSync('results/schema/inspection.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false, discriminator: true }).compile(
  schema,
);

/** y = x1 + x2: no classifier, because it takes two inputs. */
function sum(): string {
  const builder = new GraphBuilder({ name: 'sum', opsets: { '': 17 } });
  const [a, b] = ['a', 'b'].map((name) => builder.input(name, 'float32', [BATCH, 3])) as [string, string];
  builder.addNamed('Add', [a, b], 'y');
  builder.output('y', 'float32', [BATCH, 3]);
  const path = join(folder.path, 'sum.onnx');
  writeFileSync(path, writeOnnx(builder.build()));
  return path;
}

/** Two heads on one input: scores of 3 and of 6 classes. */
function twoHeads(): string {
  const builder = new GraphBuilder({ name: 'two-heads', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 3]);
  builder.addNamed('Relu', [x], 'three');
  builder.addNamed('Concat', [x, x], 'six', { axis: { type: 'int', value: 1 } });
  for (const [name, width] of [['three', 3] as const, ['six', 6] as const])
    builder.output(name, 'float32', [BATCH, width]);
  const path = join(folder.path, 'two-heads.onnx');
  writeFileSync(path, writeOnnx(builder.build()));
  return path;
}

describe('gauntlet inspect', () => {
  it('takes the logits from the output that --output names', async () => {
    const path = twoHeads();
    const unnamed = await cli(['inspect', path]);
    expect({ status: unnamed.status, stdout: unnamed.stdout }).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('with --output') as unknown,
    });
    const named = await cli(['inspect', path, '--output', 'six', '--json']);
    expect(JSON.parse(named.stdout)).toMatchObject({ classifier: { numClasses: 6 } });
  });

  it('takes the penultimate layer from the value that --features names', async () => {
    const path = twoHeads();
    const features = async (name: string) =>
      cli(['inspect', path, '--output', 'six', '--features', name, '--json']);
    expect(JSON.parse((await features('three')).stdout)).toMatchObject({ classifier: { features: 'three' } });
    const wrong = await features('thre');
    expect(wrong.status).toBe(2);
    expect(wrong.stdout).toContain('features names \\"thre\\", which is not in the model');
  });

  it('prints one object of the committed schema', async () => {
    const { status, stdout, stderr } = await cli(['inspect', MODEL, '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const output = JSON.parse(stdout) as { classifier: { numClasses: number } };
    expect({ valid: validate(output), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(output.classifier.numClasses).toBe(10);
  });

  it('prints tables for people', async () => {
    const { status, stdout } = await cli(['inspect', MODEL]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^logits +logits, 10 classes$/m);
    expect(stdout).toMatch(/^parameters +[\d,]+ in \d+ tensors, 1.1 MB$/m);
    expect(stdout).toMatch(/^Gemm +4 +passes$/m);
    expect(stdout).toContain('Gradients pass from the logits to the input.');
  });

  it('describes a file that is no classifier, with the reason, and ends like a refused model', async () => {
    const path = sum();
    const people = await cli(['inspect', path]);
    expect(people.status).toBe(2);
    expect(people.stdout).toMatch(/^input +b: float32\[batch, 3\]$/m);
    expect(people.stdout).toContain('Not usable as a classifier');
    const machine = await cli(['inspect', path, '--json']);
    expect(machine.status).toBe(2);
    const output: unknown = JSON.parse(machine.stdout);
    expect({ valid: validate(output), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(output).toMatchObject({ classifier: { status: 'refused', code: 'GAUNTLET_E_MODEL_INVALID' } });
  });

  it('refuses what is no model, like every command', async () => {
    const { status, stdout, stderr } = await cli(['inspect', join(folder.path, 'missing.onnx')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('GAUNTLET_E_MODEL_NOT_FOUND');
  });
});
