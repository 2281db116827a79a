import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDataset } from '../../src/data/registry.js';
import { cli, scratchFolder } from './cli.js';

const MODEL = 'mnist-mlp-linpen';

interface Output {
  readonly n: number;
  readonly outcomes: string;
  readonly goal: object;
  readonly witness?: readonly number[];
}

describe('gauntlet attack --vnnlib', () => {
  const folder = scratchFolder();
  const image: number[] = [];
  let label = 0;
  beforeAll(async () => {
    const { data, labels } = await (await openDataset({ source: 'mnist', split: 'test' })).read([0]);
    image.push(...data);
    label = labels[0]!;
  });
  afterAll(() => {
    folder.remove();
  });

  const others = () => Array.from({ length: 10 }, (_value, k) => k).filter((k) => k !== label);
  const untargeted = () =>
    `(assert (or ${others()
      .map((k) => `(and (>= Y_${k} Y_${label}))`)
      .join('\n')}))`;

  /** An instance with a box of that half width around the image. */
  function instance(epsilon: number, property: string): string {
    const path = join(folder.path, `${epsilon}.vnnlib`);
    const lines = [
      ...image.map((_value, i) => `(declare-const X_${i} Real)`),
      ...Array.from({ length: 10 }, (_value, i) => `(declare-const Y_${i} Real)`),
      ...image.map((value, i) => `(assert (>= X_${i} ${Math.max(0, value - epsilon)}))`),
      ...image.map((value, i) => `(assert (<= X_${i} ${Math.min(1, value + epsilon)}))`),
      property,
    ];
    writeFileSync(path, lines.join('\n'));
    return path;
  }
  const attack = async (file: string, ...args: string[]): Promise<Output> => {
    const { status, stdout, stderr } = await cli(['attack', MODEL, '--vnnlib', file, '--json', ...args]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Output;
  };

  it('finds a counterexample in a wide box and prints it', async () => {
    const { n, outcomes, goal, witness } = await attack(instance(0.3, untargeted()));
    expect({ n, outcomes, goal }).toEqual({ n: 1, outcomes: 'f', goal: { kind: 'untargeted' } });
    expect(witness).toHaveLength(784);
    witness!.forEach((value, i) => {
      expect(value >= Math.max(0, image[i]! - 0.3) && value <= Math.min(1, image[i]! + 0.3)).toBe(true);
    });
  });

  it('finds none in a box that holds little but the image', async () => {
    const output = await attack(instance(0.0001, untargeted()));
    expect(output).toMatchObject({ n: 1, outcomes: 'r' });
    expect(output).not.toHaveProperty('witness');
  });

  it('aims at the target an instance names, and keeps what replays', async () => {
    const target = others()[0]!;
    const against = Array.from({ length: 10 }, (_value, k) => k).filter((k) => k !== target);
    const file = instance(0.5, against.map((k) => `(assert (>= Y_${target} Y_${k}))`).join('\n'));
    const out = join(folder.path, 'run');
    const { goal, outcomes } = await attack(file, '--attack', 'pgd', '--steps', '60', '--out', out);
    expect({ goal, outcomes }).toEqual({ goal: { kind: 'targeted', target }, outcomes: 'f' });
    const { status, stdout } = await cli(['replay', join(out, 'cells', `${MODEL}--pgd.json`)]);
    expect({ status, verified: /1 of 1|1 \/ 1|verified 1/.test(stdout) }).toEqual({
      status: 0,
      verified: true,
    });
  });

  it.each([
    ['--data', 'mnist'],
    ['--epsilon', '0.1'],
    ['--norm', 'linf'],
  ])('takes no %s', async (flag, value) => {
    const file = instance(0.1, untargeted());
    const { status, stderr } = await cli(['attack', MODEL, '--vnnlib', file, flag, value]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`it takes no ${flag}`) as unknown]);
  });

  it('says where a file is malformed', async () => {
    const file = instance(0.1, '(assert (or (>= Y_0 3)))');
    const { status, stderr } = await cli(['attack', MODEL, '--vnnlib', file]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/line 2363, column 13: only comparisons of two outputs/);
  });
});
