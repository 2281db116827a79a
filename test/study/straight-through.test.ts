import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { loadAttack, loadCorruption } from '../../src/plugin/registry.js';
import { buildStudy } from '../../src/study/build.js';
import { measureStudy } from '../../src/study/measure-study.js';
import { studyPage } from '../../src/study/page/page.js';
import type { StudyPlan } from '../../src/study/plan.js';
import { readRecords } from '../../src/study/records.js';
import { trainStudy } from '../../src/study/train-study.js';
import { digits, tinyRecipe } from '../train/tiny-training.js';

// jest cannot import modules that share others at once, as the plan of a run does.
for (const id of ['fgsm', 'apgd', 'square']) await loadAttack(id);
await loadCorruption('fog');

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-study-'));
const suite = join(folder, 'tiny.yaml');
const [records, work] = [join(folder, 'records'), join(folder, 'work')];
const options = { records, work, executor: 'inline' as const, threads: 1 };

const plan: StudyPlan = {
  recipes: join(folder, 'zoo'),
  settings: [{ id: 'digits-mlp', title: 'MLP on digits', suite, transfer: digits }],
  heads: [
    { id: 'binenc', title: 'BinEnc' },
    { id: 'linpen', title: 'LinPen' },
  ],
  candidates: [1e-3, 3e-3],
  searchSeed: 100,
  seeds: [0],
  long: [
    {
      ...{ setting: 'digits-mlp', heads: ['binenc'], seed: 0, changes: { epochs: 3 } },
      penalty: { kind: 'mean-square', initial: 0.1, growth: 2, cap: 1 },
    },
  ],
  measures: { trainExamples: 300, deepfool: 20 },
};

function writeFiles(): void {
  for (const { id } of plan.heads) {
    const { penalty, ...recipe } = tinyRecipe;
    const path = join(plan.recipes, `digits-mlp-${id}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(
      join(path, 'recipe.yaml'),
      stringify({
        ...recipe,
        network: { ...recipe.network, head: id },
        ...(id === 'binenc' && { penalty }),
        epochs: 2,
      }),
    );
  }
  const threat = { kind: 'lp', norm: 'linf', epsilon: 0.1 };
  writeFileSync(
    suite,
    stringify({
      ...{ id: 'tiny', version: 1, title: 'Tiny', seed: 0, models: ['mnist-mlp-binenc'] },
      ...{ dataset: { source: digits, split: 'test' }, examples: { first: 20 } },
      entries: [
        { id: 'cascade-linf-0_1', kind: 'cascade', threat, stages: [{ attack: 'fgsm' }] },
        { id: 'apgd-linf-0_1', kind: 'attack', attack: 'apgd', threat, parameters: { steps: 3 } },
        { id: 'square-linf-0_1', kind: 'attack', attack: 'square', threat, parameters: { queries: 5 } },
        { id: 'fog', kind: 'corruption', corruption: 'fog', profile: 'mnist', severities: [5] },
      ],
    }),
  );
}

const statuses = (results: readonly { readonly status: string }[]): string[] => [
  ...new Set(results.map(({ status }) => status)),
];

it('a study goes from search to page, and does again only what is missing', async () => {
  writeFiles();
  // Nothing has been chosen: replicates wait for the search.
  expect(statuses(await trainStudy(plan, 'train', options))).toEqual(['blocked']);
  expect(statuses(await trainStudy(plan, 'search', { ...options, deadline: () => 0 }))).toEqual(['waiting']);
  expect(statuses(await trainStudy(plan, 'search', options))).toEqual(['done']);
  expect(statuses(await trainStudy(plan, 'search', options))).toEqual(['already']);
  expect(statuses(await trainStudy(plan, 'train', options))).toEqual(['done']);
  expect(statuses(await measureStudy(plan, { ...options, only: '*binenc-s0' }))).toEqual(['done']);
  expect((await measureStudy(plan, options)).map(({ status }) => status)).toEqual([
    'already',
    'done',
    'done',
  ]);

  const study = buildStudy(plan, await readRecords(records));
  for (const part of Object.values(study.progress)) expect(part).toMatchObject({ missing: [], stale: [] });
  const [setting] = study.settings;
  expect(setting!.runs).toBe(2);
  expect(setting!.figures.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['cascade-linf-0_1', 'square-less-apgd-linf-0_1', 'fog-5', 'probe', 'nc1']),
  );
  expect(study.long[0]).toMatchObject({ id: 'digits-mlp-binenc-long-s0', epochs: 3 });
  expect(studyPage(plan, study)).toContain('The study is whole');

  // A model whose measurements are recorded needs no weights; one whose are not does.
  rmSync(work, { recursive: true });
  expect(statuses(await trainStudy(plan, 'train', options))).toEqual(['already']);
  rmSync(join(records, 'runs', 'digits-mlp-linpen-s0.json'));
  expect(await measureStudy(plan, { ...options, only: '*linpen-s0' })).toMatchObject([{ status: 'blocked' }]);
  expect(await trainStudy(plan, 'train', { ...options, only: '*linpen-s0' })).toMatchObject([
    { status: 'done' },
  ]);
  expect(existsSync(join(work, 'digits-mlp-linpen-s0', 'model.onnx'))).toBe(true);
});
