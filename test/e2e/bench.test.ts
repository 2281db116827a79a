import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseResult } from '../../src/results/validate.js';
import { cli, scratchFolder } from './cli.js';

const QUICK = ['bench', '--quick', '--only', 'mlp', '--batch-size', '8', '--threads', '1'];

describe('bench', () => {
  it('prints a report that its own comparison takes as a baseline', async () => {
    const folder = scratchFolder();
    const first = await cli([...QUICK, '--json']);
    expect(first.status).toBe(0);
    const report = parseResult('bench', first.stdout, 'stdout');
    expect(report).toMatchObject({ threads: 1, networks: [{ id: 'mlp', batchSize: 8 }] });
    expect(report.networks[0]!.peakMemory).toBeGreaterThan(2 ** 25);

    const baseline = join(folder.path, 'baseline.json');
    writeFileSync(baseline, first.stdout);
    const second = await cli([...QUICK, '--baseline', baseline]);
    folder.remove();
    expect(second.status).toBe(0);
    expect(second.stdout).toMatch(/^mlp +forward .* %$/m);
    expect(second.stdout).toContain(`Against ${baseline}:`);
    expect(second.stdout).toMatch(/^mlp +forward, of peak +\d/m);
  });

  it('compares with nothing when told so', async () => {
    const { status, stdout } = await cli([...QUICK, '--no-baseline']);
    expect(status).toBe(0);
    expect(stdout).not.toContain('Against');
  });

  it('times one attack on one network, and nothing else, when asked to', async () => {
    const { status, stdout } = await cli([...QUICK, '--part', 'attacks', '--attack', 'fgsm']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mlp +fgsm +Linf 0\.001 +8 +0 +1 +[\d,]+ +[\d.]+ %$/m);
    expect(stdout).not.toMatch(/GFLOP|Against/);
  });

  it('times corruptions, which need no network', async () => {
    const one = ['bench', '--quick', '--part', 'corruptions', '--corruption', 'contrast'];
    const { status, stdout } = await cli([...one, '--no-baseline', '--json']);
    expect(status).toBe(0);
    expect(parseResult('bench', stdout, 'stdout')).toMatchObject({
      networks: [],
      corruptions: [{ corruption: 'contrast', shape: [3, 32, 32] }],
    });
  });

  it('puts TensorFlow.js beside the native engine, on other models too', async () => {
    const args = [...QUICK, '--part', 'engines', '--model', 'mnist-mlp-nopen', '--json'];
    const { status, stdout } = await cli(args);
    expect(status).toBe(0);
    const { engines } = parseResult('bench', stdout, 'stdout');
    expect(engines!.map(({ model, engine }) => [model, engine.id])).toEqual([
      ['mlp', 'tfjs/wasm'],
      ['mnist-mlp-nopen', 'tfjs/wasm'],
    ]);
    for (const { forward, gradient, pgd } of engines!)
      for (const pass of [forward, gradient, pgd]) expect(pass.ratio).toBeGreaterThan(0);
  });

  it('times training steps', async () => {
    const one = ['bench', '--quick', '--part', 'training', '--batch-size', '4', '--threads', '1'];
    const { status, stdout } = await cli([...one, '--no-baseline', '--json']);
    expect(status).toBe(0);
    expect(parseResult('bench', stdout, 'stdout')).toMatchObject({
      networks: [],
      training: [
        { network: 'mlp', images: 4 },
        { network: 'cnn', images: 4 },
        { network: 'resnet8', images: 4, parameters: 79_802 },
      ],
    });
  });

  it('shows a profile', async () => {
    const { status, stdout } = await cli([...QUICK, '--profile']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mlp: forward \+ gradient, batch 8, 1 thread/m);
    expect(stdout).toMatch(/ %  +\d  +(Fused)?Gemm$/m);
  });

  it.each([
    ['a network that is none', ['bench', '--only', 'lstm'], 'Choices: "cnn", "mlp", "resnet18", "vit"'],
    ['a baseline that is not there', ['bench', '--baseline', '/nowhere.json'], 'The baseline cannot be read'],
    ['an attack that is none', ['bench', '--part', 'attacks', '--attack', 'fgsn'], 'did you mean "fgsm"'],
    ['a Python without torch', [...QUICK, '--pytorch', '/bin/false'], 'could not time mlp with torch'],
  ])('%s: exit code 2, the reason on stderr', async (_what, args, message) => {
    const { status, stdout, stderr } = await cli(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
