import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { writeBadFiles } from './bad-files.js';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
const file = writeBadFiles(folder.path);
afterAll(() => folder.remove());

const MODEL = 'mnist-mlp-linpen';
const FEW = ['--examples', '5', '--executor', 'inline'];

describe('bad input is refused with a code, a reason and exit code 2', () => {
  const on = (model: string) => ['attack', model, '--data', 'mnist', ...FEW];
  it.each<[string, string[], string, RegExp]>([
    ['a truncated model', on(file('truncated.onnx')), 'MODEL_UNREADABLE', /truncated\.onnx/],
    ['a file that is no model', on(file('text.onnx')), 'MODEL_UNREADABLE', /text\.onnx/],
    ['weights that are not finite', on(file('nan-weights.onnx')), 'MODEL_WEIGHTS', /w/],
    ['a model that is not there', on(file('nope.onnx')), 'MODEL_NOT_FOUND', /nope\.onnx/],
    [
      'a zoo model that is not there',
      on('mnist-mlp-linpne'),
      'UNKNOWN_MODEL',
      /did you mean "mnist-mlp-linpen"/,
    ],
    ['images of another shape', ['attack', MODEL, '--data', file('other-shape.npz')], 'INPUT_SHAPE', /9/],
    [
      'fewer labels than images',
      ['attack', MODEL, '--data', file('short-labels.npz')],
      'DATA_MISMATCH',
      /4 images.*3/,
    ],
    ['data that are not there', ['attack', MODEL, '--data', 'mnits'], 'UNKNOWN_DATASET', /mnits/],
    ['more examples than there are', ['attack', MODEL, '--examples', '10001'], 'INDEX_RANGE', /10000/],
    [
      'an unknown attack',
      ['attack', MODEL, '--attack', 'pdg', ...FEW],
      'UNKNOWN_ATTACK',
      /did you mean "pgd"/,
    ],
    [
      'a parameter out of range',
      ['attack', MODEL, '--attack', 'pgd', '--steps', '0', ...FEW],
      'PARAMETER_INVALID',
      /at least 1.*received 0/,
    ],
    [
      'a norm the attack lacks',
      ['attack', MODEL, '--attack', 'pgd', '--norm', 'l0', '--epsilon', '5', ...FEW],
      'THREAT_UNSUPPORTED',
      /pgd.*l0/,
    ],
    [
      'an operator nobody knows',
      ['attack', file('unknown-operator.onnx'), '--data', file('good.npz')],
      'SHAPE_INFERENCE',
      /Frobnicate/,
    ],
    [
      'an operator without a gradient',
      ['attack', file('no-rule.onnx'), '--data', file('good.npz')],
      'GRADIENT_BLOCKED',
      /Round/,
    ],
    ['a suite that is not there', ['run', 'quik'], 'UNKNOWN_SUITE', /quick/],
    ['YAML that does not parse', ['run', file('tab.yaml')], 'SUITE_INVALID', /tab\.yaml:3:/],
    [
      'an unknown field of a suite',
      ['validate', file('unknown-field.yaml')],
      'SUITE_INVALID',
      /:\d+:\d+: .*sede/,
    ],
    ['a plugin without fields', ['list', '--plugin', file('not-a-plugin.mjs')], 'PLUGIN_INVALID', /metadata/],
  ])('%s', async (_what, args, code, message) => {
    const { status, stdout, stderr } = await cli(args);
    expect(stderr).toContain(`error GAUNTLET_E_${code}: `);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('what fails while running has exit code 3', () => {
  it.each<[string, string[], string]>([
    [
      'a folder that cannot be made',
      ['run', 'quick', '--out', join(file('good.npz'), 'inside')],
      'OUTPUT_UNWRITABLE',
    ],
    [
      'a plugin that throws when imported',
      ['list', '--plugin', file('throws-at-import.mjs')],
      'PLUGIN_FAILED',
    ],
  ])('%s', async (_what, args, code) => {
    const { status, stdout, stderr } = await cli(args);
    expect(stderr).toContain(`error GAUNTLET_E_${code}: `);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  });
});

describe('a model that is not finite on some inputs', () => {
  it('has those examples invalid, never robust', async () => {
    const { status, stdout } = await cli([
      'attack',
      file('sometimes-nan.onnx'),
      '--data',
      file('good.npz'),
      '--json',
    ]);
    expect(status).toBe(0);
    const { outcomes, invalid } = JSON.parse(stdout) as { outcomes: string; invalid: number };
    expect(outcomes).toContain('i');
    expect(invalid).toBe(outcomes.split('i').length - 1);
  });
});

describe('a suite with a model that cannot be loaded', () => {
  it('records what is wrong, finishes the other model, and exits with 3', async () => {
    const models = ['--models', file('truncated.onnx'), MODEL];
    const run = [
      'run',
      'quick',
      ...models,
      '--entries',
      'fgsm',
      '--examples',
      '20',
      '--out',
      join(folder.path, 'run'),
    ];
    const { status, stdout, stderr } = await cli([...run, '--json']);
    expect(status).toBe(3);
    expect(stderr).toContain('GAUNTLET_E_RUN_INCOMPLETE');
    const { rows } = JSON.parse(stdout) as { rows: { model: { id: string }; complete: boolean }[] };
    expect(rows.map(({ model, complete }) => [model.id, complete])).toEqual([
      ['truncated', false],
      [MODEL, true],
    ]);
  });
});

describe('a configuration file', () => {
  it('with an unknown field is refused by name, and can be ignored', async () => {
    writeFileSync(join(folder.path, 'gauntlet.config.json'), '{"job": 2}');
    const bad = await cli(['list', 'losses'], { cwd: folder.path });
    expect(bad.status).toBe(2);
    expect(bad.stderr).toMatch(/GAUNTLET_E_CONFIG_INVALID: .*"job"/);
    expect((await cli(['list', 'losses', '--no-config'], { cwd: folder.path })).status).toBe(0);
  });
});
