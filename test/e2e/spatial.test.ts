import { describe, expect, it } from '@jest/globals';
import { cli } from './cli.js';

const spatial = (...args: string[]) =>
  cli(['attack', 'mnist-mlp-linpen', '--examples', '30', '--attack', 'spatial', ...args]);

interface Output {
  readonly n: number;
  readonly outcomes: string;
  readonly robust: { readonly correct: number };
  readonly clean: { readonly correct: number };
}

describe('gauntlet attack with transforms', () => {
  it('fools more of a model the further it may turn and shift', async () => {
    const robust = async (rotation: string, translation: string): Promise<Output> => {
      const reach = ['--rotation', rotation, '--translation', translation];
      const grid = ['--rotation-steps', '7', '--translation-steps', '3'];
      const { status, stdout } = await spatial('--threat', 'transform', ...reach, ...grid, '--json');
      expect(status).toBe(0);
      return JSON.parse(stdout) as Output;
    };
    const [none, all] = [await robust('0', '0'), await robust('30', '3')];
    expect(none.robust.correct).toBe(none.clean.correct);
    expect(all.clean.correct).toBe(none.clean.correct);
    expect(all.robust.correct).toBeLessThan(none.robust.correct / 2);
  });

  it('names the ranges in its plan', async () => {
    const { stderr } = await spatial('--threat', 'transform', '--rotation', '15', '--search', 'random');
    expect(stderr).toContain('rotation 15, shift 3 on mnist-mlp-linpen');
  });

  it.each([
    [['--epsilon', '0.1'], /spatial does not take the threat model "lp"; it takes transform/],
    [['--threat', 'transform', '--rotation', 'x'], /--rotation must be a number from 0 to 180, received "x"/],
    [['--rotation', '10'], /--rotation needs --threat transform/],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await spatial(...args);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(message);
  });
});
