import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/resources.js';
import { jsonText } from '../../src/results/json-text.js';
import { buildStudy } from '../../src/study/build.js';
import { studyPage } from '../../src/study/page/page.js';
import { binencPlan } from '../../src/study/plan.js';
import { readRecords } from '../../src/study/records.js';

const folder = join(packageRoot, 'results', 'binenc-study');
const json = join(folder, 'study.json');
const records = await readRecords(folder);
const hasRecords = records.trainings.length + records.runs.length > 0;

describe('the committed study', () => {
  // Records may be committed while the study is still running; the page comes with the first `build`.
  (existsSync(json) ? it : it.skip)('is what its records make: `node scripts/binenc-study.mjs build`', () => {
    expect(hasRecords).toBe(true);
    const study = buildStudy(binencPlan, records);
    expect(readFileSync(json, 'utf8')).toBe(jsonText(study));
    expect(readFileSync(join(packageRoot, 'docs', 'binenc-study.md'), 'utf8')).toBe(
      studyPage(binencPlan, study),
    );
  });

  it('has small records', () => {
    for (const training of records.trainings) expect(jsonText(training).length).toBeLessThan(4500);
    for (const run of records.runs) expect(jsonText(run).length).toBeLessThan(10_000);
  });
});
