import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Graph } from '../../src/graph/ir.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import type { AttackOutput } from '../../src/results/schema/attack-output.js';
import type { Leaderboard } from '../../src/results/schema/leaderboard.js';
import { behind, zooGraph } from '../fixtures/graph-ends.js';
import { cli, scratchFolder } from './cli.js';

const RANDOM_SIGNS = resolve('test/fixtures/plugins/random-signs.mjs');

const ZOO = zooGraph('mnist-mlp-linpen');

const quantised = (): Graph =>
  behind(ZOO, (b, x) => {
    const scale = b.scalar(1 / 7);
    return b.add('DequantizeLinear', [b.add('QuantizeLinear', [x, scale]), scale]);
  });

const dropping = (): Graph =>
  behind(ZOO, (b, x) => {
    const on = b.initializer('on', { type: 'bool', dims: [], data: Uint8Array.of(1) });
    return b.add('Dropout', [x, b.scalar(0.1), on]);
  });

describe('a quantised model at the command line', () => {
  const scratch = scratchFolder();
  const model = join(scratch.path, 'quantised.onnx');
  const data = ['--data', 'mnist', '--examples', '30', '--epsilon', '0.1'];
  const attack = (...args: string[]) => cli(['attack', model, ...data, ...args]);
  beforeAll(() => writeFileSync(model, writeOnnx(quantised())));
  afterAll(() => scratch.remove());

  it('is refused by an attack that needs gradients, with the operator and the way out', async () => {
    const { status, stdout, stderr } = await attack('--attack', 'fgsm');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('GAUNTLET_E_GRADIENT_BLOCKED');
    expect(stderr).toMatch(/operator QuantizeLinear \(node ".+"\)/);
    expect(stderr).toContain('--straight-through');
  });

  it('is attacked with --straight-through, or a card that says so, and the result tells', async () => {
    const flagged = await attack('--attack', 'fgsm', '--straight-through', '--json');
    expect(flagged.status).toBe(0);
    const output = JSON.parse(flagged.stdout) as AttackOutput;
    expect(output.model.gradient).toBe('straight-through');
    expect(output.outcomes).toContain('f');

    const card = join(scratch.path, 'straight.card.json');
    writeFileSync(card, JSON.stringify({ schemaVersion: 1, gradient: 'straight-through' }));
    const carded = await attack('--attack', 'fgsm', '--card', card);
    expect(carded.stdout).toContain(`${output.robust.correct} / 30`);
    expect(carded.stdout).toContain('straight-through gradients');
  });

  it('runs in a suite as far as its gradient lets it', async () => {
    const suite = join(scratch.path, 'mixed.yaml');
    writeFileSync(
      suite,
      `id: mixed
version: 1
title: With and without gradients
dataset: { source: mnist, split: test }
examples: { first: 30 }
models: [${model}]
seed: 0
entries:
  - { id: fgsm, kind: attack, attack: fgsm, threat: { kind: lp, norm: linf, epsilon: 0.1 } }
  - { id: signs, kind: attack, attack: random-signs, threat: { kind: lp, norm: linf, epsilon: 0.1 } }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [2] }
`,
    );
    const run = (...args: string[]) =>
      cli(['run', suite, '--plugin', RANDOM_SIGNS, ...args], { cwd: scratch.path });
    const exact = await run('--json');
    expect(exact.status).toBe(0);
    const [row] = (JSON.parse(exact.stdout) as Leaderboard).rows;
    expect(row!.columns['fgsm']).toMatchObject({
      status: 'not-applicable',
      reason: expect.stringMatching(/QuantizeLinear.*--straight-through/) as unknown,
    });
    expect([row!.columns['signs']!.status, row!.columns['contrast']!.status]).toEqual([
      'completed',
      'completed',
    ]);
    expect(row!.model.gradient).toBeUndefined();

    const file = join(scratch.path, 'leaderboard.json');
    const straight = await run('--straight-through', '--leaderboard', file);
    expect(straight.status).toBe(0);
    expect(straight.stdout).toContain('quantised: straight-through gradients');
    const leaderboard = JSON.parse(readFileSync(file, 'utf8')) as Leaderboard;
    expect(leaderboard.suite.id).toBe('mixed+gradient=straight-through');
    expect(leaderboard.rows[0]).toMatchObject({ complete: true, model: { gradient: 'straight-through' } });
  });
});

describe('a model that draws random numbers at the command line', () => {
  const scratch = scratchFolder();
  const model = join(scratch.path, 'dropping.onnx');
  beforeAll(() => {
    writeFileSync(model, writeOnnx(dropping()));
  });
  afterAll(() => scratch.remove());

  it('is marked stochastic, attacked with one result whatever batch and workers, and replayed', async () => {
    const out = join(scratch.path, 'run');
    const attack = (...args: string[]) =>
      cli([
        'attack',
        model,
        '--attack',
        'pgd',
        '--data',
        'mnist',
        '--examples',
        '30',
        '--epsilon',
        '0.1',
        '--steps',
        '5',
        ...args,
      ]);
    const [one, other] = [
      await attack('--json', '--batch-size', '1', '--executor', 'inline', '--out', out),
      await attack('--json', '--batch-size', '7', '--jobs', '2'),
    ];
    expect([one.status, other.status]).toEqual([0, 0]);
    const output = JSON.parse(one.stdout) as AttackOutput;
    expect(output.model.stochastic).toBe(true);
    expect(output.outcomes).toContain('f');
    expect(JSON.parse(other.stdout)).toEqual({ ...output, timing: expect.anything() as unknown });
    const replayed = await cli(['replay', join(out, 'cells', 'dropping--pgd-linf.json')]);
    expect({ status: replayed.status, stderr: replayed.stderr }).toEqual({ status: 0, stderr: '' });
  });
});
