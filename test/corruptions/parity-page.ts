import type { ParityRow, Parity } from './parity.js';

/** What the scripts are that made the recorded outputs. */
const SOURCES: Readonly<Record<string, string>> = {
  cifar: 'CIFAR-10-C (`make_cifar_c.py` of hendrycks/robustness 8190fe3), 32 x 32 colour images',
  mnist: 'MNIST-C (`corruptions.py` of google-research/mnist-c bba57e4), a 28 x 28 grey image',
};

/** docs/corruptions.md: how far every built-in corruption is from the published scripts. */
export function renderParityPage({ rows, unrecorded, missing }: Parity): string {
  const profiles = Object.entries(SOURCES).flatMap(([profile, source]) => [
    `## ${profile}`,
    '',
    `Compared with ${source}.`,
    '',
    '| corruption | severities compared | images | largest difference (levels) | values that differ |',
    '| --- | --- | --- | --- | --- |',
    ...grouped(rows.filter((row) => row.profile === profile)).map(tableRow),
    '',
    ...unrecordedLines(unrecorded.filter((row) => row.profile === profile)),
  ]);
  return [
    '# Corruptions against the published scripts',
    '',
    '<!-- Generated: UPDATE_GENERATED=1 GAUNTLET_FIXTURES=DIR npm run test:slow -- test/corruptions/reference.slow.test.ts -->',
    '<!-- prettier-ignore-start -->',
    '',
    'The output of every built-in corruption with `reference` quirks, level by level, against what the published scripts made',
    'of the same images. Where a script draws at random, what it drew was recorded, or is drawn again from its seed, and our',
    '`apply` is fed with it; how much our own draws change an image over 200 seeds is compared as well, with the parameters of',
    'CIFAR-10-C.',
    '',
    'The profiles `tiny-imagenet` and `imagenet` are the same algorithms with the numbers of the scripts of those sets; no output',
    'of theirs is compared. Their archives hold JPEG files (quality 85) of what the scripts made; a corruption here ends before.',
    '',
    ...profiles,
    ...(missing.length === 0
      ? []
      : ['## Not built in', '', `${missing.map((id) => `\`${id}\``).join(', ')}.`, '']),
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');
}

function grouped<R extends { readonly corruption: string }>(rows: readonly R[]): R[][] {
  const ids = [...new Set(rows.map(({ corruption }) => corruption))];
  return ids.map((id) => rows.filter(({ corruption }) => corruption === id));
}

function tableRow(rows: readonly ParityRow[]): string {
  const largest = Math.max(...rows.map(({ maxDifference }) => maxDifference));
  const share = Math.max(...rows.map(({ differingShare }) => differingShare));
  const cells = [
    `\`${rows[0]!.corruption}\``,
    listed(rows.map(({ severity }) => severity)),
    listed(rows.map(({ input }) => input)),
    largest,
    share === 0 ? 'none' : `${(100 * share).toFixed(2)} % at most`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Corruptions that the table leaves out in part or whole, and why. */
function unrecordedLines(rows: Parity['unrecorded']): string[] {
  if (rows.length === 0) return [];
  const parts = grouped(rows).map(
    (all) => `\`${all[0]!.corruption}\` (${listed(all.map(({ severity }) => severity))})`,
  );
  return [`Draws are not known, for one image at least, of these severities: ${parts.join(', ')}.`, ''];
}

const listed = (values: readonly (string | number)[]): string => [...new Set(values)].sort().join(', ');
