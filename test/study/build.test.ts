import { describe, expect, it } from '@jest/globals';
import { validateResult } from '../../src/results/validate.js';
import { buildStudy } from '../../src/study/build.js';
import { studyPage } from '../../src/study/page/page.js';
import type { StudyRecords } from '../../src/study/records.js';
import { smallPlan, wholeStudy } from './synthetic.js';

const build = (records: StudyRecords) => buildStudy(smallPlan, records);
const page = (records: StudyRecords) => studyPage(smallPlan, build(records));
const figure = (records: StudyRecords, id: string) =>
  build(records).settings[0]!.figures.find((one) => one.id === id)!;

/** What a bullet of the page says of a figure. */
const sentence = (records: StudyRecords, what: string): string =>
  page(records)
    .split('\n')
    .find((line) => line.startsWith(`- ${what}`))!;

/** BinEnc above the others by far, with every seed. */
const better = wholeStudy((head, seed) => ({ cascade: (head === 'binenc' ? 80 : 20) + seed }));
const worse = wholeStudy((head, seed) => ({ cascade: (head === 'binenc' ? 20 : 80) + seed }));
const same = wholeStudy((_head, seed) => ({ cascade: 40 + seed }));
/** Three seeds against three show nothing below 0.05, however far apart. */
const few = { ...better, runs: better.runs.filter(({ seed }) => seed < 3) };
const nothing: StudyRecords = { trainings: [], runs: [] };

describe('a study built from records', () => {
  it('fits its schema, whole, in part and empty', () => {
    for (const records of [better, nothing, { ...better, runs: better.runs.slice(0, 4) }])
      expect(() => validateResult('study', build(records), 'study')).not.toThrow();
  });

  it('compares the head in question with each of the others over seeds, by the closed form', () => {
    const { groups, comparisons } = figure(better, 'cascade-linf-0_1');
    expect(groups.map(({ head }) => head)).toEqual(['binenc', 'linpen', 'nopen']);
    expect(groups[0]!.mean).toBeCloseTo(0.82, 12);
    expect(groups[0]!.std).toBeCloseTo(Math.sqrt(2.5) / 100, 12);
    expect(comparisons.map(({ other }) => other)).toEqual(['linpen', 'nopen']);
    for (const one of comparisons) {
      // Five against five, all on one side: two splits of 252; twice that by Holm over two comparisons.
      expect(one.p).toBeCloseTo(2 / 252, 12);
      expect(one.adjustedP).toBeCloseTo(4 / 252, 12);
      expect(one.difference).toBeCloseTo(0.6, 12);
      expect(one.finding).toBe('higher');
      // J of 8 degrees of freedom is 0.9027.
      expect(one.hedgesG!.value).toBeCloseTo((0.9027 * 0.6) / (Math.sqrt(2.5) / 100), 1);
      expect(one.hedgesG!.interval.lower).toBeLessThan(one.hedgesG!.value);
      expect(one.hedgesG!.interval.lower).toBeGreaterThan(10);
      expect(one.interval!.lower).toBeGreaterThan(0.5);
      expect(one.interval!.upper).toBeLessThan(0.7);
    }
  });

  it('gives differences the sign of the head in question less the other', () => {
    const [one] = figure(worse, 'cascade-linf-0_1').comparisons;
    expect(one).toMatchObject({ finding: 'lower' });
    expect(one!.difference).toBeCloseTo(-0.6, 12);
    expect(one!.interval!.lower).toBeLessThan(one!.interval!.upper);
    expect(one!.hedgesG!.value).toBeLessThan(0);
  });

  it('lists what is missing, and leaves out what does not belong to the others', () => {
    const { progress } = build({ ...better, runs: better.runs.slice(1) });
    expect(progress.replicate).toEqual({ done: 15, of: 15, seconds: 15, missing: [], stale: [] });
    expect(progress.measured).toMatchObject({ done: 14, of: 15, missing: [better.runs[0]!.id] });
    const other = { ...better.runs[0]!, model: 'cd'.repeat(32) };
    const stale = build({ ...better, runs: [other, ...better.runs.slice(1)] });
    expect(stale.progress.measured).toMatchObject({ done: 14, stale: [other.id] });
    expect(stale.settings[0]!.runs).toBe(14);
  });

  it('leaves out replicates of another learning rate than the one chosen', () => {
    const trainings = better.trainings.map((one) =>
      one.id === 'toy-mlp-linpen-s2' ? { ...one, learningRate: 3e-3 } : one,
    );
    const { progress } = build({ ...better, trainings });
    expect(progress.replicate).toMatchObject({ done: 14, stale: ['toy-mlp-linpen-s2'] });
  });

  it('compares two named checkpoints image by image', () => {
    expect(build(better).checkpoints).toEqual([
      expect.objectContaining({
        ...{ first: 'toy-mlp-binenc-s0', second: 'toy-mlp-linpen-s0' },
        ...{ both: 20, onlyFirst: 60, onlySecond: 0, neither: 20 },
      }),
    ]);
  });

  it('reads the mechanism as reached at both thresholds and not below either', () => {
    const reading = (numbers: object) =>
      new Set(build(wholeStudy(() => numbers)).manipulation.map((check) => check.reading));
    expect(reading({ separation: 10, sameEncoding: 0.99 })).toEqual(new Set(['reached']));
    expect(reading({ separation: 9.99, sameEncoding: 0.99 })).toEqual(new Set(['mechanism not reached']));
    expect(reading({ separation: 10, sameEncoding: 0.9899 })).toEqual(new Set(['mechanism not reached']));
    expect(build(better).manipulation.map(({ head }) => head)).toEqual(Array(5).fill('binenc'));
  });

  it('summarises code books: words, distances, and the pairs of classes that are nearest', () => {
    const [codes] = build(better).codes;
    expect(codes).toMatchObject({ units: 4, nearest: [[0, 1]] });
    expect(codes!.agreement).toBeCloseTo(1, 12);
    expect(codes!.books[0]).toEqual({ seed: 0, classes: 3, distinct: 3, minimumDistance: 1 });
  });
});

describe('the page of a study', () => {
  it('says what the numbers say, whichever way they point', () => {
    expect(sentence(better, 'Cascade')).toMatch(/better in 2, worse in 0.*better throughout/);
    expect(sentence(worse, 'Cascade')).toMatch(/better in 0, worse in 2.*worse throughout/);
    expect(sentence(same, 'Cascade')).toMatch(/No difference is shown/);
  });

  it('sums up every aspect in every setting', () => {
    const row = (records: StudyRecords) => page(records).match(/\| Cascade.*\|/)?.[0];
    expect(row(better)).toBe('| Cascade, Linf and L2 | better in 2 of 2 |');
    expect(row(worse)).toBe('| Cascade, Linf and L2 | worse in 2 of 2 |');
    expect(row(same)).toBe('| Cascade, Linf and L2 | no difference in 2 |');
    expect(row(few)).toBe('| Cascade, Linf and L2 | too few seeds to tell |');
    expect(page(better)).toContain('| Mechanism reached | by 5 of 5 |');
    expect(page(nothing)).toContain('## In short\n\nNothing can be said yet.');
  });

  it('shows where the values of the latent units lie', () => {
    expect(page(better)).toContain('| MLP on toys | BinEnc | `·▄·▁█` |');
  });

  it('counts findings apart where the mechanism was reached and where a seed missed it', () => {
    const other = { ...smallPlan.settings[0]!, id: 'hard-mlp', title: 'MLP on riddles' };
    const plan = { ...smallPlan, settings: [...smallPlan.settings, other] };
    const records = wholeStudy((head, seed, setting) => {
      const isHard = setting === 'hard-mlp';
      const separation = isHard && seed === 3 ? 9 : 12;
      return { separation, cascade: (head === 'binenc' && isHard ? 20 : 50) + seed };
    }, plan);
    const study = buildStudy(plan, records);
    expect(study.settings.map(({ mechanism }) => mechanism)).toEqual([
      { reached: 5, of: 5 },
      { reached: 4, of: 5 },
    ]);
    expect(studyPage(plan, study)).toMatch(
      /- Cascade.*\n {2}- mechanism reached \(MLP on toys\):.*No difference.*\n {2}- mechanism not reached with every seed \(MLP on riddles\):.*worse throughout/,
    );
  });

  it('says how long it took', () => {
    const long = better.trainings.map((one) => ({ ...one, seconds: 3600 }));
    // Six trainings of the search, fifteen replicates; a second for each measurement.
    expect(page({ ...better, trainings: long })).toContain('Their times add up to 21.0 hours.');
  });

  it('claims nothing where the seeds are too few for it', () => {
    expect(sentence(few, 'Cascade')).toMatch(/In 2 of them the seeds are too few.*No difference is shown/);
    expect(page(few)).toContain('The study is not whole');
  });

  it('takes a smaller figure as better where it is', () => {
    const records = wholeStudy(() => ({}));
    const runs = records.runs.map((run) => {
      const ece = (run.head === 'binenc' ? 0.01 : 0.1) + run.seed / 1000;
      return { ...run, latent: { ...run.latent, test: { ...run.latent.test, ece } } };
    });
    expect(sentence({ ...records, runs }, 'Calibration error')).toContain('better throughout');
  });

  it('says gradients are masked where square leaves less than APGD with every seed', () => {
    const masked = wholeStudy((head) => (head === 'binenc' ? { square: 30, apgd: 50 } : {}));
    expect(page(masked)).toContain('BinEnc in 1 of 1, LinPen in 0 of 1 and NoPen in 0 of 1');
  });

  it('tells of a study that has not begun that nothing can be said', () => {
    expect(page(nothing)).toContain('0 of 15 replicates trained');
    expect(sentence(nothing, 'Cascade')).toContain('Nothing can be said yet');
    expect(page(nothing)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has no figure that is no number', () => {
    for (const records of [better, same, { ...better, runs: better.runs.slice(0, 2) }])
      expect(page(records)).not.toMatch(/NaN|undefined|Infinity|null/);
  });
});
