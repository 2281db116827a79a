import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { TrainingRecord } from '../../src/train/card.js';

const zoo = join(import.meta.dirname, '../../zoo');
const path = join(zoo, 'README.md');

interface Card {
  readonly id: string;
  readonly training: TrainingRecord['results'] & {
    readonly epochs: number;
    readonly seconds: number;
    readonly seed: number;
  };
}

const cards = (): Card[] =>
  readdirSync(zoo)
    .map((id) => join(zoo, id, 'card.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Card);

const percent = ({ correct, n }: { correct: number; n: number }): string => ((100 * correct) / n).toFixed(2);

/** As prettier aligns it: the first column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, 4, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

const HEAD = ['model', 'test accuracy, %', 'train', 'separation', 'same code, %', 'epochs', 'kB'];

function page(): string {
  const rows = cards().map(({ id, training: { accuracy, latent, epochs } }) => [
    `[${id}](${id}/card.json)`,
    percent(accuracy.test),
    percent(accuracy.train),
    latent.train.separation.toFixed(1),
    (100 * latent.train.sameCode).toFixed(1),
    String(epochs),
    (statSync(join(zoo, id, 'model.onnx')).size / 1000).toFixed(0),
  ]);
  return `# The zoo

Networks trained by Gauntlet, each from the \`recipe.yaml\` in its folder, seed 0; [how](../docs/guide/training.md). Heads: \`binenc\` (linear
penultimate layer with a penalty that makes its code binary), \`linpen\` (the same without the penalty), \`nonlinpen\` (with an activation),
\`nopen\` (none). \`pgd-at\` is a network trained on adversarial examples, as a yardstick. \`gauntlet zoo verify\` measures all of it again.

${table(HEAD, rows)}

Separation and same code are of the penultimate layer on the training images: the distance of a unit's two clusters over their width,
median over units (one Gaussian has 2.65), and the share of images with the most common word, by sign, of the class they are predicted as.
They say whether a \`binenc\` model has become binary. None of the columns says how robust a model is: \`gauntlet run standard\` does.
`;
}

describe('zoo/README.md', () => {
  it('tells of every model what its card does', () => {
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, page());
    expect(readFileSync(path, 'utf8')).toBe(page());
  });
});
