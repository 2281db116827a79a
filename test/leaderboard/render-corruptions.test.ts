import { describe, expect, it } from '@jest/globals';
import { resolveBaseline } from '../../src/leaderboard/baseline.js';
import { buildLeaderboard } from '../../src/leaderboard/build.js';
import { renderGrid } from '../../src/leaderboard/render-grid.js';
import { renderLeaderboard } from '../../src/leaderboard/render.js';
import { failed } from '../results/example-run.js';
import { corruptionRun, corruptionSuite } from './corruption-run.js';

const NAMES =
  'gaussian_noise shot_noise impulse_noise speckle_noise defocus_blur glass_blur motion_blur zoom_blur gaussian_blur snow frost fog brightness spatter contrast elastic_transform pixelate jpeg_compression saturate';
const nineteen = Object.fromEntries(NAMES.split(' ').map((name) => [name, [1, 2, 3, 4, 5]]));
const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

const suite = await corruptionSuite();
const run = corruptionRun(suite, {
  'a fog-1': 'rrrrrrrrfw',
  'a fog-2': 'rrrrrrfffw',
  'b fog-1': 'rrrrrrfffw',
  'b fog-2': 'rrffffffff',
  'b contrast-1': 'rrrrrffffw',
  'b contrast-2': 'rrffffffff',
});
const leaderboard = buildLeaderboard(run.manifest, run.cells, resolveBaseline('b', [run]));

describe('few corruptions on screen', () => {
  it('are columns, and below them stands what they come to together and against the baseline', () => {
    const text = renderLeaderboard(leaderboard);
    expect(text).toMatch(/^model +Clean +Fog +Contrast$/m);
    expect(text).toMatch(/^model +Mean +Mean +mCE +Relative +Confidence +Calibration$/m);
    expect(text).toMatch(/^b +37\.5 % \[.*\] +62\.5 % +100\.0 % \[100\.0, 100\.0\] +/m);
    expect(text).toMatch(
      /^mCE and relative mCE: 100 % is b \(a model of the runs, SHA-256 [0-9a-f]{12}\)\.$/m,
    );
  });

  it('say why there is no figure against the baseline', () => {
    const against = buildLeaderboard(run.manifest, run.cells, resolveBaseline('a', [run]));
    expect(renderLeaderboard(against)).toMatch(/^There is no mCE: contrast: the baseline makes no error\.$/m);
  });

  it('that are not all there have no figures together', () => {
    const broken = corruptionRun(suite, {}, (cell, spec) => (spec.entry === 'fog-1' ? failed(spec) : cell));
    const text = renderLeaderboard(buildLeaderboard(broken.manifest, broken.cells));
    expect(text).toMatch(/^a +error +- +- +-$/m);
    expect(text.match(/: it broke$/gm)).toHaveLength(2);
  });
});

describe('many corruptions on screen', () => {
  it('are rows of a table of their own, with a column for each model, in 110 characters', async () => {
    const models = ['mnist-mlp-binenc', 'mnist-mlp-linpen', 'mnist-mlp-nonlinpen', 'mnist-mlp-nopen'];
    const suite = { ...(await corruptionSuite(nineteen)), models };
    const { manifest, cells } = corruptionRun(suite, { '*': 'rrrrrrfffw' });
    const text = renderLeaderboard(buildLeaderboard(manifest, cells));
    const lines = text.split('\n');
    const tables = lines.slice(
      0,
      lines.findIndex((line) => line.includes('examples of')),
    );
    expect(longest(tables.join('\n'))).toBeLessThanOrEqual(110);
    expect(text).toMatch(/^model +Clean +Mean +Mean +Confidence/m);
    expect(text).toMatch(new RegExp(`^corruption +${models.join(' +')}$`, 'm'));
    for (const title of ['Gaussian noise', 'Saturate'])
      expect(text).toMatch(new RegExp(`^${title}( +60\\.0 % \\[31\\.3, 83\\.2\\]){4}$`, 'm'));
  });

  it('go on below with further models', async () => {
    const models = Array.from({ length: 9 }, (_value, i) => `model-${i}`);
    const { manifest, cells } = corruptionRun({ ...(await corruptionSuite(nineteen)), models }, {});
    const text = renderLeaderboard(buildLeaderboard(manifest, cells));
    expect(text.match(/^corruption/gm)).toHaveLength(3);
    expect(text.match(/^Saturate/gm)).toHaveLength(3);
  });
});

describe('the grid of a model on screen', () => {
  it('has a line per corruption, a column per severity, and all of them together at the end', () => {
    const [title, , ...lines] = renderGrid(leaderboard, 'a', { width: 130 }).split('\n');
    expect(title).toBe('a under Corrupted (corrupted, version 1)');
    expect(lines.slice(0, 6)).toEqual([
      expect.stringMatching(/^corruption +1 +2 +mean +CE +relative CE +confidence +calibration$/),
      expect.stringMatching(/^ +error$/),
      expect.stringMatching(
        /^fog +80\.0 % +60\.0 % +70\.0 % \[.*\] +50\.0 % \[.*\] +50\.0 % .* 75\.0 % +10\.0 %$/,
      ),
      expect.stringMatching(/^contrast +100\.0 % +100\.0 % +100\.0 % \[72\.2, 100\] +0\.0 % \[-\] +0\.0 % /),
      expect.stringMatching(/^all together +90\.0 % +80\.0 % +85\.0 % \[.*\] +25\.0 % /),
      '',
    ]);
    expect(lines).toContain('[-]: errors are so rare that drawing the images again gives no interval.');
  });

  it('has no errors against a baseline where none was named, and fits the width', () => {
    const text = renderGrid(buildLeaderboard(run.manifest, run.cells), 'a', { width: 80 });
    expect(text).toMatch(/^corruption +1 +2 +mean +confidence +calibration$/m);
    expect(longest(text)).toBeLessThanOrEqual(80);
  });

  it('leaves open what a corruption was not measured at', async () => {
    const uneven = corruptionRun(await corruptionSuite({ fog: [1, 5], contrast: [3] }), {});
    expect(renderGrid(buildLeaderboard(uneven.manifest, uneven.cells), 'a')).toMatch(
      /^contrast +- +100\.0 % +- +100\.0 %/m,
    );
  });

  it('of a model that is not there, or of a suite without corruptions, is refused', () => {
    expect(() => renderGrid(leaderboard, 'c')).toThrow(expect.objectContaining({ key: 'UNKNOWN_MODEL' }));
    const none = { ...leaderboard, columns: leaderboard.columns.slice(0, 1) };
    expect(() => renderGrid(none, 'a')).toThrow(/has no corruptions/);
  });
});
