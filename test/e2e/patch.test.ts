import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readNpz } from '../../src/data/npz.js';
import { cli, scratchFolder } from './cli.js';

const MODEL = 'mnist-mlp-linpen';
/** 7 x 7 of 28 x 28 pixels. */
const AREA = ['--threat', 'patch', '--patch-area', '1/16'];

interface Output {
  readonly n: number;
  readonly outcomes: string;
  readonly threat: object;
  readonly timing: unknown;
}

describe('gauntlet attack with attacks that learn on a slice of their own', () => {
  const folder = scratchFolder();
  afterAll(() => {
    folder.remove();
  });
  const attack = async (...args: string[]): Promise<Output> => {
    const { status, stdout, stderr } = await cli(['attack', MODEL, '--examples', '60', '--json', ...args]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Output;
  };

  it('pastes one patch on every image, keeps what replays, and gives the same bytes however it is run', async () => {
    const patch = ['--attack', 'patch', '--steps', '60', ...AREA];
    const out = join(folder.path, 'patch');
    const output = await attack(...patch, '--out', out);
    expect(output).toMatchObject({ n: 60, threat: { kind: 'patch', area: 0.0625 } });
    expect(output.outcomes).toContain('f');

    const arrays = readNpz(readFileSync(join(out, 'witnesses', `${MODEL}--patch.npz`)));
    const [adversarial, applied] = ['adversarial', 'applied'].map(
      (name) => arrays.get(name)!.data as Float64Array,
    );
    const squares = Array.from({ length: applied!.length / 3 }, (_value, row) => {
      const [top, left, side] = applied!.slice(row * 3, row * 3 + 3) as unknown as [number, number, number];
      expect(side).toBe(7);
      const pixels = Array.from({ length: 49 }, (_pixel, i) => {
        return adversarial![row * 784 + (top + Math.floor(i / 7)) * 28 + left + (i % 7)]!;
      });
      return pixels.join();
    });
    expect(new Set(squares).size).toBe(1);

    const [cell] = readdirSync(join(out, 'cells'));
    const replayed = await cli(['replay', join(out, 'cells', cell!)]);
    expect([replayed.status, replayed.stderr]).toEqual([0, expect.any(String) as unknown]);

    const other = await attack(...patch, '--batch-size', '7', '--jobs', '2');
    expect({ ...other, timing: null }).toEqual({ ...output, timing: null });
  });

  it('adds one perturbation to every image', async () => {
    const { outcomes } = await attack('--attack', 'universal', '--epsilon', '0.2', '--epochs', '5');
    const noise = await attack('--attack', 'uniform-noise', '--epsilon', '0.2');
    const count = (text: string) => text.split('f').length - 1;
    expect(count(outcomes)).toBeGreaterThan(count(noise.outcomes) + 10);
  });

  it('refuses a patch attack under another threat', async () => {
    const { status, stderr } = await cli(['attack', MODEL, '--attack', 'patch', '--examples', '5']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/patch does not take.*lp/) as unknown]);
  });
});
