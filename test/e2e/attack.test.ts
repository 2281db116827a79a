import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { cli, finished, scratchFolder } from './cli.js';

const MODEL = 'mnist-mlp-linpen';
const attack = (...args: string[]) => cli(['attack', MODEL, '--examples', '40', ...args]);
const linf = (...args: string[]) => attack('--epsilon', '0.1', ...args);
const pgd = (...args: string[]) => linf('--attack', 'pgd', ...args);

interface Output {
  readonly n: number;
  readonly outcomes: string;
  readonly distances: (number | null)[];
  readonly clean: { correct: number };
  readonly robust: { correct: number };
  readonly timing?: unknown;
}

const parse = (stdout: string): Output => JSON.parse(stdout) as Output;
const count = (text: string, letter: string) => text.split(letter).length - 1;

describe('gauntlet attack', () => {
  let output: Output;
  beforeAll(async () => {
    const { status, stdout } = await pgd('--steps', '10', '--json');
    expect(status).toBe(0);
    output = parse(stdout);
  });

  it('prints one object of the committed schema', () => {
    const schema = JSON.parse(readFileSync('results/schema/attack-output.schema.json', 'utf8')) as object;
    const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false, discriminator: true }).compile(
      schema,
    );
    expect({ valid: validate(output), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it('gives figures that hang together', () => {
    const { n, outcomes, distances, clean, robust } = output;
    expect([n, outcomes.length, distances.length]).toEqual([40, 40, 40]);
    expect(robust.correct).toBe(count(outcomes, 'r'));
    expect(clean.correct).toBe(n - count(outcomes, 'w'));
    expect(count(outcomes, 'f')).toBeGreaterThan(0);
    for (const [i, letter] of Array.from(outcomes).entries()) {
      if (letter === 'f') expect(distances[i]).toBeLessThanOrEqual(0.1 * (1 + 1e-7));
      else expect(distances[i]).toBe(letter === 'w' ? 0 : null);
    }
  });

  it('gives the same object but for the timing whatever batch size, jobs and executor', async () => {
    for (const how of [
      ['--batch-size', '1', '--jobs', '1'],
      ['--batch-size', '7', '--jobs', '2'],
      ['--executor', 'inline'],
    ]) {
      const found = parse((await pgd('--steps', '10', '--json', ...how)).stdout);
      expect({ ...found, timing: null }).toEqual({ ...output, timing: null });
    }
  });

  it('prints a table for people, with the plan on stderr', async () => {
    const { status, stdout, stderr } = await attack('--attack', 'fgsm', '--norm', 'l2', '--epsilon', '3/2');
    expect(status).toBe(0);
    expect(stdout).toMatch(/under attack +\d+ \/ 40/);
    expect(stderr).toContain('FGSM L2 1.5 on mnist-mlp-linpen, 40 examples of mnist (test)');
  });

  it('takes a parameter as flag or as --set', async () => {
    const flag = parse((await pgd('--steps', '3', '--no-random-start', '--json')).stdout);
    const set = parse((await pgd('--set', 'steps=3', '--set', 'randomStart=false', '--json')).stdout);
    expect({ ...flag, timing: null }).toEqual({ ...set, timing: null });
  });
});

describe('a kept cell', () => {
  const folder = scratchFolder();
  afterAll(() => folder.remove());

  it('replays from its files alone, and not when they were changed', async () => {
    expect((await linf('--attack', 'fgsm', '--out', folder.path)).status).toBe(0);
    const cell = join(folder.path, 'cells', readdirSync(join(folder.path, 'cells'))[0]!);
    const good = await cli(['replay', cell, '--json']);
    expect(good.status).toBe(0);
    const report = JSON.parse(good.stdout) as { witnesses: number; verified: number };
    expect(report.verified).toBe(report.witnesses);
    expect(report.witnesses).toBeGreaterThan(0);

    const other = await cli(['replay', cell, '--model', 'mnist-mlp-binenc']);
    expect(other.status).toBe(3);
    expect(other.stderr).toContain('GAUNTLET_E_WITNESS_INVALID');
  });
});

describe('a plugin written by `gauntlet new`', () => {
  // Inside the package, where Node finds the package by its own name.
  mkdirSync('.gauntlet', { recursive: true });
  const folder = mkdtempSync(resolve('.gauntlet', 'new-attack-'));
  const plugin = join(folder, 'my-attack.mjs');
  beforeAll(async () => {
    expect((await cli(['new', 'attack', 'my-attack', '--dir', relative('.', folder)])).status).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('passes the contract its own test checks', async () => {
    const test = spawn(process.execPath, ['--test', join(folder, 'my-attack.test.mjs')]);
    const { status, stdout } = await finished(test);
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(status).toBe(0);
  });

  it('attacks in worker threads, its parameters being flags', async () => {
    const { status, stdout } = await linf(
      ...['--plugin', plugin, '--attack', 'my-attack', '--minimum-length', '1', '--json'],
    );
    expect(status).toBe(0);
    expect(count(parse(stdout).outcomes, 'f')).toBeGreaterThan(0);
  });
});
