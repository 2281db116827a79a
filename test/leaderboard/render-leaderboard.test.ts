import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import { percent } from '../../src/leaderboard/format.js';
import { renderLeaderboard } from '../../src/leaderboard/render.js';
import { runManifest } from '../../src/results/manifest.js';
import { findSuite } from '../../src/suite/find.js';
import { completed, exampleRun, exampleSpecs, exampleSuite, failed, model } from '../results/example-run.js';

const { manifest, cells, specs } = await exampleRun({ 'first pgd-linf': ['rrrrriiffw'] });
const leaderboard = buildLeaderboard(manifest, cells);
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the leaderboard on screen', () => {
  it('shows every number with its interval, what is an upper bound, and the note', () => {
    expect(renderLeaderboard(leaderboard)).toBe(`Example (example, version 1)

model   Clean                PGD-40               PGD L2 0.5           Contrast
                             Linf 0.1             to 1                 mean
                             upper bound          upper bound
first   90.0 % [59.6, 98.2]  50.0 % [23.7, 76.3]  40.0 % [16.8, 68.7]  80.0 % [50.1, 94.1]
                             2 invalid
second  90.0 % [59.6, 98.2]  60.0 % [31.3, 83.2]  40.0 % [16.8, 68.7]  80.0 % [50.1, 94.1]

model   Mean                Mean    Confidence  Calibration
        corruption          error               error
first   80.0 % [55.0, 100]  20.0 %  75.0 %      10.0 %
second  80.0 % [55.0, 100]  20.0 %  75.0 %      10.0 %

10 examples of mnist (test); in brackets 95 % intervals.
Corruption columns are means over severities; their intervals count images.
Mean error is over corruptions and severities, not normalised by a baseline.
Calibration error is the expected one, in 15 bins of confidence.
The rows are not ranked.

PGD gives upper bounds.
`);
  });

  it('puts intervals below the numbers when lines would be too long', () => {
    const text = renderLeaderboard(leaderboard, { width: 80 });
    expect(text).toMatch(/^first\s+90\.0 %\s+50\.0 %/m);
    expect(text).toMatch(/^\s+\[59\.6, 98\.2\]/m);
    expect(longest(text)).toBeLessThanOrEqual(80);
  });

  it('goes on below when even that is too long', () => {
    const text = renderLeaderboard(leaderboard, { width: 45 });
    const [single, together] = text.split(/^model +Mean/m);
    expect(single!.match(/^model/gm)).toHaveLength(2);
    expect(single!.match(/^second/gm)).toHaveLength(2);
    expect(together).toMatch(/^model +Calibration/m);
  });

  it('of the quick suite fits 110 characters in one block, and one for its corruptions together', async () => {
    const quick = await findSuite('quick');
    const planned = exampleSpecs(quick, quick.models.map(model));
    const results = planned.map((spec) => completed(spec, 'r'.repeat(950) + 'f'.repeat(50)));
    const text = renderLeaderboard(buildLeaderboard(runManifest(quick, planned), results));
    expect(longest(text)).toBeLessThanOrEqual(110);
    expect(text.match(/^model/gm)).toHaveLength(2);
    expect(text).toMatch(/upper bound/);
    expect(text).toMatch(/do not rank robustness/);
  });

  it('says what is missing and why', () => {
    const broken = buildLeaderboard(manifest, cells.with(0, failed(specs[0]!, 'timed-out')));
    const text = renderLeaderboard(broken);
    expect(text).toMatch(/^first\s+90\.0 % \[59\.6, 98\.2\]\s+timed out/m);
    expect(text).toMatch(/^incomplete/m);
    expect(text).toMatch(/^first, pgd-linf: timed-out: pgd-linf: it broke$/m);
  });

  it.each([
    ['overlap', 'rrrrrffffw', true],
    ['do not overlap', 'fffffffffw', false],
    ['are equal', 'rrrrrrrrrr', false],
  ])(
    'names the ranking column; of ranks whose intervals %s it says so or not',
    async (_how, outcomes, open) => {
      const suite = await exampleSuite('rank: pgd-linf\n');
      const planned = exampleSpecs(suite, [model('a'), model('b')]);
      const results = planned.map((spec) =>
        completed(spec, ...Array<string>(2).fill(spec.model.id === 'a' ? 'rrrrrrrrrr' : outcomes)),
      );
      const text = renderLeaderboard(buildLeaderboard(runManifest(suite, planned), results));
      expect(text).toMatch(/^Ranked by PGD-40 Linf 0\.1 \(pgd-linf\); incomplete rows are not ranked\./m);
      expect(/intervals overlap could change places/.test(text)).toBe(open);
    },
  );

  it('tells models of one name apart', () => {
    const [row] = leaderboard.rows;
    const twin = { ...row!, model: { id: 'first', sha256: 'c'.repeat(64) } };
    expect(renderLeaderboard({ ...leaderboard, rows: [row!, twin] })).toMatch(/^first cccccccc/m);
  });

  it('has colours only when asked, and nothing else changes with them', () => {
    const plain = renderLeaderboard(leaderboard);
    const coloured = renderLeaderboard(leaderboard, { color: true });
    expect(stripVTControlCharacters(plain)).toBe(plain);
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it.each([
    [1, '100.0 %'],
    [0.9999, '99.9 %'],
    [0.9312, '93.1 %'],
    [0, '0.0 %'],
  ])('writes %p as %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});
