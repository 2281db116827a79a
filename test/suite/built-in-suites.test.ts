import { describe, expect, it } from '@jest/globals';
import { findSuite, listSuites } from '../../src/suite/find.js';
import { suiteFingerprint } from '../../src/suite/fingerprint.js';
import { cellIds, suiteIndices } from '../../src/suite/suite.js';

/** Fingerprint of every released version: a change of content needs a new version and a new line. */
const RELEASED: Readonly<Record<string, string>> = {
  'quick 1': 'b3bceb3dac4dc07fd1f460fc539e14442e299f4bbec1a44658a9edc2a6b6e65d',
};

describe('built-in suites', () => {
  it('are found by id and called what their file is called', async () => {
    const ids = await listSuites();
    expect(ids).toContain('quick');
    for (const id of ids) expect((await findSuite(id)).id).toBe(id);
  });

  it('keep their content for as long as they keep their version', async () => {
    for (const id of await listSuites()) {
      const suite = await findSuite(id);
      const name = `${id} ${suite.version}`;
      expect(`${name}: ${suiteFingerprint(suite)}`).toBe(`${name}: ${RELEASED[name]}`);
    }
  });

  it('quick measures four MNIST models on 1,000 digits in 18 cells each', async () => {
    const quick = await findSuite('quick');
    expect(quick.models).toHaveLength(4);
    expect(suiteIndices(quick)).toHaveLength(1000);
    expect(quick.entries.flatMap(cellIds)).toHaveLength(18);
    expect(quick.entries.map((entry) => entry.title).slice(0, 3)).toEqual([
      'FGSM Linf 0.1',
      'PGD-40 Linf 0.1',
      'PGD-40 L2 1.5',
    ]);
    expect(quick.rank).toBeNull();
    expect(quick.note).toMatch(/upper bounds/);
  });

  it('that do not exist are reported with those that do', async () => {
    await expect(findSuite('quik')).rejects.toMatchObject({
      key: 'UNKNOWN_SUITE',
      message: expect.stringContaining('quick'),
    });
  });
});
