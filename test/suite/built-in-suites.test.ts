import { describe, expect, it } from '@jest/globals';
import { expandComposite } from '../../src/evaluate/expand.js';
import { requireSupport } from '../../src/evaluate/support.js';
import { knownDatasets } from '../../src/data/known.js';
import { severitiesOf } from '../../src/plugin/corruption.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { loadAttack, loadCorruption } from '../../src/plugin/registry.js';
import type { Norm } from '../../src/plugin/threat.js';
import { findSuite, listSuites } from '../../src/suite/find.js';
import { suiteFingerprint } from '../../src/suite/fingerprint.js';
import { cellIds, suiteIndices, type SuiteEntry, type SuiteStage } from '../../src/suite/suite.js';

/** Fingerprint of every released version: a change of content needs a new version and a new line. */
const RELEASED: Readonly<Record<string, string>> = {
  'binenc 1': '7eda9a1890cb759a72768d3b1c38e1e728df0a96d7e546d3e1b504d55e5a107c',
  'binenc-fashion-mnist 1': '18960b303a1522858f843c3b4a70ca875870eac3e4e75b9718f900e4d625d0b9',
  'cifar10-c 1': '8894b680d29938b8fb77dd0263f43edfc73512c75cd24fdce587055d1bd01fb9',
  'cifar10-c-mini 1': '41950352b5010a6abc05423f05fb6c0a51f5cfc0d2117ebd8bb984fd89af1ed2',
  'imagenet-c 1': '3bb78cfcbe39d451c8cfafa7beacbf857c03db4e29df8dae54d9735ca54022d4',
  'l1 1': '562b31982aaa296f03e16297761ed36a6f5678c056d96042b9c39ad9a33715cf',
  'l1-cifar10 1': '276fa9ab6b9ec8cd83f9222dd54e7a263aa9aa28f6539e323e6912282e8d74fc',
  'l2 1': 'e47beeff3934e3a2dff1297f0aed8b15b6e8bc4b107ed4b9ea274a3531d33b19',
  'l2-cifar10 1': 'ac5e9549cb8d1a946705272000b38bcc986309f6c386d9a66a62f2fe5f842cf4',
  'l2-fashion-mnist 1': '5323dac5573d53de8e531a79eb4dabe15fbb99aff8ac242af7dfdd4222035f76',
  'linf 1': 'de80a5f774c2201b3e20c602fa692901a693ceee9e25c63a5d7034440c308ba4',
  'linf-cifar10 1': '14ccd2420394fb13e6d6f16f2acbf6758ebe1038833bdbc908dd20265377d321',
  'linf-fashion-mnist 1': '537057eff388e0ae1888e29f1a1ab373f7892facccd1b4613502a0ae9e4d5031',
  'mnist-c 1': '9be68f5840a5287970def93914350e847805d6b097ecd0c531776ac200deefe5',
  'mnist-c-full 1': 'd928221fcddf2fc0326b4c488bba5ee8b6c88204a3e97d53ebda6d9ca9c72814',
  'mnist-c-mini 1': '9fd410ba4f9256f2bdf49006205eb0e02e98bbecc09048064f5d336ba3a04cbc',
  'quick 1': 'b3bceb3dac4dc07fd1f460fc539e14442e299f4bbec1a44658a9edc2a6b6e65d',
  'standard 1': '28e894263ed191dadcad08b0b2fa4fc17ab946707c4d49cdc7c06d8c775e9eec',
  'standard-cifar10 1': '8bd9d4acf7abcb4577534bc186b8181212f844e60553e1bd81042fbd721a727a',
  'standard-fashion-mnist 1': '135a4f5106b390cc649fc03c3bce2fc38dae037c154fa2febe66eb67b590fabb',
  'tiny-imagenet-c 1': 'ef08eed1c8efdf8f71927690e4da647516670e368e6b1051fc19945907300260',
};

/** Data sets that only a path gives. */
const BY_PATH = ['imagenet', 'tiny-imagenet'];

/** Customary budgets by data set and norm; the one that counts most first. */
const BUDGETS: Readonly<Record<string, Readonly<Partial<Record<Norm, readonly number[]>>>>> = {
  mnist: { linf: [0.3, 0.1], l2: [2, 1.5], l1: [10] },
  'fashion-mnist': { linf: [0.1], l2: [1] },
  cifar10: { linf: [8 / 255, 2 / 255], l2: [0.5, 0.25], l1: [12] },
};
const DATASETS = Object.keys(BUDGETS);
const NORM_SUITES = DATASETS.flatMap((data) =>
  (Object.keys(BUDGETS[data]!) as Norm[]).map((norm): [string, string, Norm] => [
    ofData(norm, data),
    data,
    norm,
  ]),
);

/** Suites of MNIST have the short names. */
function ofData(suite: string, data: string): string {
  return data === 'mnist' ? suite : `${suite}-${data}`;
}

/** What an entry's number was measured with: `cascade linf 0.3`; a curve's is that of its largest budget. */
function measured(entry: SuiteEntry): string {
  if (entry.kind === 'corruption') return entry.id;
  const { attack, threat } = entry.stages.at(-1)!;
  return threat.kind === 'lp' ? `${attack} ${threat.norm} ${threat.epsilon}` : attack;
}

/** The attacks that a stage stands for: its own, or those of the composite it names. */
async function attacksOf(stage: SuiteStage): Promise<readonly SuiteStage[]> {
  return (await expandComposite({ id: stage.attack, version: '' }, stage))?.stages ?? [stage];
}

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

  it('name data sets that are known, and plugins that exist, with parameters and threats they take', async () => {
    for (const id of await listSuites()) {
      const suite = await findSuite(id);
      expect([...Object.keys(knownDatasets), ...BY_PATH]).toContain(suite.dataset.source);
      for (const entry of suite.entries) {
        if (entry.kind === 'corruption') {
          const severities = severitiesOf(await loadCorruption(entry.corruption), entry.profile);
          expect(severities.length).toBeGreaterThanOrEqual(entry.severities.at(-1)!);
          continue;
        }
        for (const stage of (await Promise.all(entry.stages.map(attacksOf))).flat()) {
          const plugin = await loadAttack(stage.attack);
          requireSupport(plugin, { threat: stage.threat, goal: stage.goal });
          resolveParameters(plugin.parameters, stage.parameters, stage.attack);
        }
      }
    }
  });

  it('that do not exist are reported with those that do', async () => {
    await expect(findSuite('quik')).rejects.toMatchObject({
      key: 'UNKNOWN_SUITE',
      message: expect.stringContaining('quick'),
    });
  });
});

describe.each(DATASETS)('standard of %s', (data) => {
  const customary = Object.entries(BUDGETS[data]!).flatMap(([norm, budgets]) =>
    budgets.map((epsilon) => `cascade ${norm} ${epsilon}`),
  );

  it('is the cascade at each customary budget on the first 1,000 test images', async () => {
    const suite = await findSuite(ofData('standard', data));
    expect(suite.dataset).toEqual({ source: data, split: 'test' });
    expect(suite.examples).toEqual({ first: 1000 });
    expect(suite.entries.map(measured)).toEqual(customary);
  });

  it('ranks by its first column, Linf at the budget that counts most', async () => {
    const suite = await findSuite(ofData('standard', data));
    expect(suite.rank).toBe(suite.entries[0]!.id);
    expect(measured(suite.entries[0]!)).toBe(`cascade linf ${BUDGETS[data]!.linf![0]}`);
  });
});

describe.each(NORM_SUITES)('%s', (id, data, norm) => {
  it('shows every kind of attack at each customary budget, and a curve up to the largest', async () => {
    const suite = await findSuite(id);
    const single = ['pgd', 'apgd', norm === 'l1' ? 'salt-and-pepper' : 'square', 'autoattack', 'cascade'];
    const budgets = BUDGETS[data]![norm]!;
    expect(suite.dataset).toEqual({ source: data, split: 'test' });
    expect(suite.examples).toEqual({ first: 1000 });
    expect(suite.entries.map(measured)).toEqual([
      ...budgets.flatMap((epsilon) => single.map((attack) => `${attack} ${norm} ${epsilon}`)),
      `fmn ${norm} ${Math.max(...budgets)}`,
    ]);
    expect(suite.entries.at(-1)!.kind).toBe('curve');
  });

  it('has columns named by attack, norm and, where there are several, budget, and does not rank', async () => {
    const suite = await findSuite(id);
    const several = BUDGETS[data]![norm]!.length > 1;
    for (const entry of suite.entries) {
      const [attack, , epsilon] = measured(entry).split(' ');
      const written = new RegExp(`^${attack}-${norm}${several ? '-(\\d+(?:[_-]\\d+)?)' : ''}$`).exec(
        entry.id,
      );
      if (entry.kind === 'curve') expect(entry.id).toBe(`${attack}-${norm}-curve`);
      else expect(written).not.toBeNull();
      const budget = written?.[1]?.replace('_', '.').split('-').map(Number);
      if (budget !== undefined) expect(budget[0]! / (budget[1] ?? 1)).toBe(Number(epsilon));
    }
    expect(suite.rank).toBeNull();
    expect(suite.note).toMatch(/upper bound/);
  });
});
