import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cli, scratchFolder } from './cli.js';

const folder = scratchFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const gate = (...args: string[]) => cli(['gate', '--thresholds', at('thresholds.json'), at('run'), ...args]);

interface Rule {
  column?: string;
  minimum?: number;
}

describe('a gate', () => {
  beforeAll(async () => {
    const run = [
      'run',
      'quick',
      '--models',
      'mnist-mlp-linpen',
      '--examples',
      '60',
      '--entries',
      'fgsm',
      'contrast',
    ];
    expect((await cli([...run, '--out', at('run'), '--leaderboard', at('board.json')])).status).toBe(0);
    expect((await gate('--update')).status).toBe(0);
  });

  it('passes a run against thresholds written from it', async () => {
    const { status, stdout } = await gate();
    expect(status).toBe(0);
    expect(stdout).toMatch(/passed/i);
  });

  it('fails with exit code 1 when a run falls short, and says by how much', async () => {
    const thresholds = JSON.parse(readFileSync(at('thresholds.json'), 'utf8')) as { rules: Rule[] };
    const rule = thresholds.rules.find(({ column }) => column === 'fgsm')!;
    writeFileSync(at('strict.json'), JSON.stringify({ ...thresholds, rules: [{ ...rule, minimum: 0.999 }] }));
    const args = ['gate', '--thresholds', at('strict.json'), at('run')];
    const text = await cli(args);
    expect(text.status).toBe(1);
    expect(text.stdout).toMatch(/mnist-mlp-linpen +fgsm +>= 0\.999/);
    const json = await cli([...args, '--json']);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      passed: false,
      failures: [{ reason: 'below-minimum', model: 'mnist-mlp-linpen', subject: 'fgsm' }],
    });
  });

  it('refuses expressions that are not arithmetic on the row', async () => {
    const thresholds = JSON.parse(readFileSync(at('thresholds.json'), 'utf8')) as object;
    const rules = [{ model: '*', expression: 'import("fs")' }];
    writeFileSync(at('evil.json'), JSON.stringify({ ...thresholds, rules }));
    const { status, stderr } = await cli(['gate', '--thresholds', at('evil.json'), at('run')]);
    expect(status).toBe(2);
    expect(stderr).toContain('GAUNTLET_E_EXPRESSION_INVALID');
  });

  it('has its files recognised by validate', async () => {
    const kinds = {
      'thresholds.json': 'thresholds file',
      'board.json': 'leaderboard',
      'run/run.json': 'run manifest',
    };
    for (const [file, kind] of Object.entries(kinds)) {
      const { status, stdout } = await cli(['validate', at(file), '--json']);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ fileKind: kind, ok: true });
    }
  });

  it('reads the same leaderboard from the run as the run wrote', async () => {
    const { stdout } = await cli(['leaderboard', at('run'), '--json']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(at('board.json'), 'utf8')));
  });
});
