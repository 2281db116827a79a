import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fixtures } from '../fixtures/external.js';
import { cardPath, differentiableModels } from '../fixtures/third-party.js';
import { cli } from './cli.js';

/** `npm run verify` asks for more examples, and names a file that is to hold the figures, one JSON object a line. */
const EXAMPLES = process.env['GAUNTLET_EXAMPLES'] ?? '40';
const figuresFile = process.env['GAUNTLET_FIGURES'] ?? '';
const folder = fixtures ?? '';

interface Output {
  readonly n: number;
  readonly clean: { readonly correct: number };
  readonly robust: { readonly correct: number };
  readonly invalid: number;
  readonly outcomes: string;
  readonly model: object;
}

/** PGD-10 with the customary budget, as a user types it; the card says everything else. */
function pgd(id: string, ...args: string[]) {
  const model = join(folder, 'models', `${id}.onnx`);
  const common = ['--card', cardPath(id), '--data-dir', join(folder, 'data'), '--json'];
  return cli([
    'attack',
    model,
    '--attack',
    'pgd',
    '--steps',
    '10',
    '--examples',
    EXAMPLES,
    ...common,
    ...args,
  ]);
}

function read(id: string, { status, stdout, stderr }: Awaited<ReturnType<typeof pgd>>): Output {
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const output = JSON.parse(stdout) as Output;
  const { n, clean, robust } = output;
  const figures = { id, n, clean: clean.correct, robust: robust.correct };
  if (figuresFile !== '') appendFileSync(figuresFile, `${JSON.stringify(figures)}\n`);
  expect({ n, invalid: output.invalid }).toEqual({ n: Number(EXAMPLES), invalid: 0 });
  return output;
}

(fixtures === undefined ? describe.skip : describe)('PGD-10 with nothing but the model and its card', () => {
  it.each(Object.keys(differentiableModels))('attacks %s', async (id) => {
    const { clean, robust, n } = read(id, await pgd(id));
    expect(clean.correct / n).toBeGreaterThan(0.5);
    expect(robust.correct).toBeLessThanOrEqual(clean.correct);
    // Nothing defends the networks for CIFAR-10 against a budget this large.
    if (id.startsWith('cifar10')) expect(robust.correct).toBeLessThan(clean.correct / 2);
  });

  describe('on a binarised network', () => {
    const id = 'gtsrb-bnn_30';

    it('is refused, with the operator that blocks the gradient and what would help', async () => {
      const { status, stdout, stderr } = await pgd(id);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/GAUNTLET_E_GRADIENT_BLOCKED: .*operator Sign \(node ".+"\)/);
      expect(stderr).toContain('--straight-through');
      if (figuresFile !== '')
        appendFileSync(figuresFile, `${JSON.stringify({ id: `${id}/exact`, status })}\n`);
    });

    it('is attacked with straight-through gradients, and the result says so', async () => {
      const { clean, robust, n, model } = read(id, await pgd(id, '--straight-through'));
      // 82.19 % were measured elsewhere on 1,263 images of the set; this sample has ten of each class.
      const accuracy = 0.8219;
      expect(Math.abs(clean.correct / n - accuracy)).toBeLessThan(
        5 * Math.sqrt((accuracy * (1 - accuracy)) / n),
      );
      expect(robust.correct).toBeLessThan(clean.correct);
      expect(model).toMatchObject({ gradient: 'straight-through' });
    });
  });
});
