import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { AttackOutput } from '../../src/results/schema/attack-output.js';
import { randomFloats } from '../fixtures/graphs.js';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
afterAll(() => folder.remove());

const ATTACK = ['attack', 'mnist-mlp-nopen', '--attack', 'pgd', '--steps', '3', '--epsilon', '0.1'];

/** A recurrent classifier of the rows of a digit, which Gauntlet does not make a graph of. */
function recurrentModel(): string {
  const place = join(folder.path, 'recurrent');
  mkdirSync(place);
  const specs = [
    { name: 'cells/kernel', shape: [28, 12], dtype: 'float32' },
    { name: 'cells/recurrent_kernel', shape: [3, 12], dtype: 'float32' },
    { name: 'cells/bias', shape: [12], dtype: 'float32' },
    { name: 'scores/kernel', shape: [3, 10], dtype: 'float32' },
    { name: 'scores/bias', shape: [10], dtype: 'float32' },
  ];
  const count = specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  writeFileSync(join(place, 'weights.bin'), new Uint8Array(randomFloats(3, count).buffer));
  const layers = [
    {
      class_name: 'Reshape',
      config: { name: 'rows', target_shape: [28, 28], batch_input_shape: [null, 28, 28, 1] },
    },
    { class_name: 'LSTM', config: { name: 'cells', units: 3 } },
    { class_name: 'Dense', config: { name: 'scores', units: 10, activation: 'softmax' } },
  ];
  writeFileSync(
    join(place, 'model.json'),
    JSON.stringify({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'digits', layers } },
      weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
    }),
  );
  return join(place, 'model.json');
}

describe('the engine on the command line', () => {
  it('is TensorFlow.js where asked for, in workers and inline alike, and nothing of its banner is printed', async () => {
    const run = async (executor: string): Promise<AttackOutput> => {
      const { status, stdout, stderr } = await cli([
        ...[...ATTACK, '--engine', 'tfjs', '--backend', 'wasm', '--examples', '12', '--json'],
        ...['--executor', executor, '--jobs', '2'],
      ]);
      expect({ status, banner: /tensorflow|speed things up/i.test(stderr) }).toEqual({
        ...{ status: 0, banner: false },
      });
      return { ...(JSON.parse(stdout) as AttackOutput), timing: null as never };
    };
    const [pool, inline] = [await run('pool'), await run('inline')];
    expect(pool).toEqual(inline);
    expect(pool.provenance.engine).toEqual({
      id: 'tfjs/wasm',
      version: expect.stringMatching(/^4\.\d+\.\d+$/) as unknown,
    });
  });

  it('verifies what it found on the other one, and replays on either', async () => {
    const out = join(folder.path, 'verified');
    const { status, stdout } = await cli([
      ...[...ATTACK, '--verify-engine', 'tfjs', '--examples', '12', '--json', '--out', out],
    ]);
    expect(status).toBe(0);
    const { outcomes, verification, provenance } = JSON.parse(stdout) as AttackOutput;
    const fooled = Array.from(outcomes).filter((letter) => letter === 'f').length;
    expect(provenance.engine.id).toBe('onnxruntime');
    expect(verification).toMatchObject({ examples: fooled, agreeing: fooled, disagreeing: [] });
    const [cell] = readdirSync(join(out, 'cells'));
    for (const engine of ['native', 'tfjs']) {
      const replayed = await cli(['replay', join(out, 'cells', cell!), '--engine', engine]);
      expect(replayed.stdout).toContain(`${fooled} of ${fooled} stored adversarial examples verified`);
    }
  });

  it('runs a TensorFlow.js model that is no graph of ours, and flags the cell', async () => {
    const { status, stdout, stderr } = await cli([
      ...['attack', recurrentModel(), '--engine', 'tfjs', '--data', 'mnist', '--attack', 'fgsm'],
      ...['--epsilon', '0.1', '--examples', '4', '--executor', 'inline', '--json'],
    ]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { flags, n } = JSON.parse(stdout) as AttackOutput;
    expect(n).toBe(4);
    expect(flags).toContainEqual(
      expect.objectContaining({
        code: 'not-lowered',
        message: expect.stringContaining('class LSTM') as unknown,
      }),
    );
  });

  it.each([
    [['--backend', 'wasm'], '--engine tfjs'],
    [['--verify-engine', 'native'], '--verify-engine tfjs'],
  ])('refuses %j with what to do instead', async (flags, advice) => {
    const { status, stdout, stderr } = await cli([...ATTACK, ...flags]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(advice);
  });

  it('is the native one unless asked for, and TensorFlow.js is then not even loaded', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { createRequire } from 'node:module';
       const { attackModel } = await import(${JSON.stringify(resolve('dist/src/api/attack-model.js'))});
       await attackModel(
         { model: 'mnist-mlp-nopen', examples: 2, threat: { kind: 'lp', norm: 'linf', epsilon: 0.1 } },
         { executor: 'inline' },
       );
       const loaded = Object.keys(createRequire(import.meta.url).cache);
       console.log(loaded.filter((path) => path.includes('tfjs-core')).length, loaded.length > 0);`,
    ]);
    expect(stdout.trim()).toBe('0 true');
  });
});
