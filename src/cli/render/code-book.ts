import type { CodeBook } from '../../metrics/latent/codes.js';
import type { LatentReport } from '../../results/schema/latent.js';
import { plainTable } from '../../text/plain-table.js';

/** Classes and bits that are shown; larger books are in the JSON. */
const CLASSES = 20;
const BITS = 64;

/** Digits in a group. */
const GROUP = 8;

/** The most common word of each predicted class, and how far the words are apart in bits. */
export function renderCodeBook({ from, byPrediction, byLabel }: LatentReport['codeBook']): string {
  const { words, distinct, minimumDistance } = byPrediction;
  const title = `Code book (${from} set): ${distinct} different words of ${words.length} classes${nearest(minimumDistance)}`;
  const differing = words.filter(
    ({ class: one, word }) => byLabel.words.find((other) => other.class === one)?.word !== word,
  );
  const note =
    differing.length === 0
      ? []
      : [`by true label the words of ${differing.map(({ class: one }) => one).join(', ')} are others`];
  const width = words[0]?.word.length ?? 0;
  if (words.length > CLASSES || width > BITS)
    return [`${title}; too large to show, see --json`, ...note].join('\n');
  return [title, bookTable(byPrediction), ...note].join('\n');
}

const nearest = (distance: number | null): string =>
  distance === null ? '' : `, at least ${distance} bits apart`;

function bookTable({ words, distances }: CodeBook): string {
  const classes = words.map(({ class: one }) => String(one));
  return plainTable(
    ['class', 'word', 'share', 'bits to', ...classes.slice(1).map(() => '')],
    [
      ['', '', '', ...classes],
      ...words.map(({ class: one, word, count, n }, row) => [
        String(one),
        grouped(word),
        `${((100 * count) / n).toFixed(1)} %`,
        ...distances[row]!.map((distance, column) => (column === row ? '' : String(distance))),
      ]),
    ],
    { right: [0, 2, ...classes.map((_class, column) => 3 + column)] },
  );
}

/** `01100101 110` */
const grouped = (word: string): string =>
  Array.from({ length: Math.ceil(word.length / GROUP) }, (_, i) =>
    word.slice(i * GROUP, (i + 1) * GROUP),
  ).join(' ');
