import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkGate } from '../../src/gate/check.js';
import { matchModels } from '../../src/models/reference.js';
import { packageRoot } from '../../src/resources.js';
import { parseResult } from '../../src/results/validate.js';
import { findSuite } from '../../src/suite/find.js';
import { suiteFingerprint } from '../../src/suite/fingerprint.js';

const read = (name: string): string => readFileSync(join(packageRoot, 'results', name), 'utf8');

const leaderboard = parseResult('leaderboard', read('leaderboard.json'), 'results/leaderboard.json');
const thresholds = parseResult('thresholds', read('thresholds.json'), 'results/thresholds.json');

describe('the committed results of the zoo', () => {
  it('are of the quick suite as it is now', async () => {
    const fingerprint = suiteFingerprint(await findSuite('quick'));
    expect(leaderboard.suite.fingerprint).toBe(fingerprint);
    expect(thresholds.suite.fingerprint).toBe(fingerprint);
  });

  it('are of the models of the zoo as they are now', async () => {
    const models = await matchModels((await findSuite('quick')).models);
    expect(leaderboard.rows.map(({ model }) => [model.id, model.sha256])).toEqual(
      models.map(({ id, sha256 }) => [id, sha256]),
    );
  });

  it('meet the committed thresholds, every column guarded', async () => {
    const report = await checkGate(thresholds, leaderboard, []);
    expect(report.failures).toEqual([]);
    expect(report.unguarded).toEqual([]);
    expect(report.checked).toBe(leaderboard.rows.length * leaderboard.columns.length);
  });
});

describe('the record of full reference checks', () => {
  it('says of each check what it claims, that it holds, and with which versions', () => {
    const { checks } = JSON.parse(read('verification.json')) as { checks: Record<string, unknown> };
    expect(Object.keys(checks).length).toBeGreaterThanOrEqual(33);
    for (const check of Object.values(checks)) {
      expect(check).toMatchObject({
        holds: true,
        claim: expect.any(String),
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        engine: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      });
    }
  });
});
