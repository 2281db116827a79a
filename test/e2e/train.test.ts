import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { digits } from '../train/tiny-training.js';
import { cli, finished, scratchFolder, startCli } from './cli.js';

/** Everything that carries state or draws random numbers. */
const recipe = {
  ...{ id: 'killed', title: 'Killed', seed: 3, epochs: 5, batchSize: 16 },
  data: { source: digits, limit: 160, validation: 40 },
  network: {
    backbone: { kind: 'resnet', depth: 8, widths: [2, 3, 4] },
    head: 'dropout-linpen',
    units: 5,
    activation: 'silu',
  },
  optimiser: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
  schedule: { kind: 'step', after: 2, every: 1, factor: 0.5 },
  outputLayer: {},
  augment: { flip: true, crop: 2 },
  adversarial: { epsilon: 0.05, stepSize: 0.05, steps: 1 },
};

function prepare(folder: string, name: string) {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'recipe.yaml'), stringify(recipe));
  const work = join(path, 'work');
  return {
    args: ['train', join(path, 'recipe.yaml'), '--work', work, '--threads', '1'],
    model: join(path, 'model.onnx'),
    metrics: join(work, 'metrics.jsonl'),
  };
}

const lines = (path: string): number =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;

describe('a training that is killed', () => {
  it('goes on to the very weights of one that was not', async () => {
    const folder = scratchFolder();
    try {
      const whole = prepare(folder.path, 'whole');
      expect((await cli(whole.args)).status).toBe(0);

      const killed = prepare(folder.path, 'killed');
      const child = startCli(killed.args);
      const ended = finished(child);
      while (lines(killed.metrics) < 2) await new Promise((resume) => setTimeout(resume, 5));
      child.kill('SIGKILL');
      await ended;
      expect(child.signalCode).toBe('SIGKILL');
      expect(existsSync(killed.model)).toBe(false);
      const before = lines(killed.metrics);
      expect(before).toBeLessThan(recipe.epochs);

      const { status, stderr } = await cli(killed.args);
      expect(status).toBe(0);
      expect(stderr).toContain(`epoch ${before + 1}/5`);
      expect(stderr).not.toContain(`epoch ${before}/5`);
      expect(readFileSync(killed.model).equals(readFileSync(whole.model))).toBe(true);
      expect(readFileSync(killed.metrics, 'utf8')).toBe(readFileSync(whole.metrics, 'utf8'));
    } finally {
      folder.remove();
    }
  });
});

describe('an execution provider', () => {
  it('is used, or refused by name with what to do: exit code 2', async () => {
    const folder = scratchFolder();
    const { args } = prepare(folder.path, 'elsewhere');
    const { status, stderr } = await cli([...args, '--provider', 'cuda']);
    folder.remove();
    expect([0, 2]).toContain(status);
    if (status === 0) return;
    expect(stderr).toContain('GAUNTLET_E_PROVIDER_UNAVAILABLE');
    expect(stderr).toContain('cuda is not usable here');
    expect(stderr).toContain('--provider cpu');
  });
});

describe('a recipe with a mistake', () => {
  it('ends with exit code 2, naming line and key', async () => {
    const folder = scratchFolder();
    const path = join(folder.path, 'recipe.yaml');
    writeFileSync(path, stringify({ ...recipe, learningRate: 1 }));
    const { status, stderr } = await cli(['train', path]);
    folder.remove();
    expect(status).toBe(2);
    expect(stderr).toMatch(/recipe\.yaml:\d+:1: learningRate: there is no property "learningRate" here/);
  });
});
