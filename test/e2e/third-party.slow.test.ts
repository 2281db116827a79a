import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fixtures } from '../fixtures/external.js';
import { cli } from './cli.js';

/** The built tool on a certified network nobody here made: the README's `gauntlet attack`, against reference results. */
const MODEL = 'mnist-wong_convex_eps0.1';
const EXAMPLES = 1000;
const folder = fixtures ?? '';

interface Output {
  readonly n: number;
  readonly robust: { readonly correct: number };
  readonly outcomes: string;
}

interface Golden {
  readonly deterministic: {
    readonly attacks: Readonly<Record<string, { readonly 'success_1=misclassified': string }>>;
  };
}

(fixtures === undefined ? describe.skip : describe)('gauntlet attack on a certified network', () => {
  it('fools what the reference fools, and no more than certified', async () => {
    const { status, stdout, stderr } = await cli([
      ...['attack', join(folder, 'models', `${MODEL}.onnx`)],
      ...['--card', resolve('test/fixtures/cards', `${MODEL}.card.json`)],
      ...['--data', 'mnist', '--attack', 'pgd', '--norm', 'linf', '--epsilon', '0.1', '--steps', '40'],
      ...['--no-random-start', '--examples', String(EXAMPLES), '--json'],
    ]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { n, robust, outcomes } = JSON.parse(stdout) as Output;
    const golden = JSON.parse(
      readFileSync(join(folder, 'golden/attacks', `${MODEL}.json`), 'utf8'),
    ) as Golden;
    const flags = golden.deterministic.attacks['pgd40_linf']!['success_1=misclassified'];
    const missed = Array.from(flags).flatMap((flag, i) => (flag === '1' && outcomes[i] === 'r' ? [i] : []));

    expect(n).toBe(EXAMPLES);
    expect(missed).toEqual([]);
    // 5.8 % is certified over all 10,000 digits; the first thousand are a sample of them, four standard deviations wide.
    expect((n - robust.correct) / n).toBeLessThanOrEqual(0.058 + 4 * Math.sqrt((0.058 * 0.942) / n));
  });
});
