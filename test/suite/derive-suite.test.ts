import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveSuite, type SuiteChanges } from '../../src/suite/derive.js';
import { protocolFingerprint, suiteFingerprint } from '../../src/suite/fingerprint.js';
import { parseSuite } from '../../src/suite/read.js';
import { suiteIndices } from '../../src/suite/suite.js';

const suite = await parseSuite(
  `id: mine
version: 1
title: Mine
dataset: { source: mnist, split: test }
examples: { indices: [9, 4, 7] }
models: [a, b]
seed: 7
rank: pgd
entries:
  - { id: pgd, kind: attack, attack: pgd, threat: { kind: lp, norm: linf, epsilon: 0.1 }, parameters: { steps: 4 } }
  - { id: blur, kind: corruption, corruption: gaussian_blur, severities: [1, 2] }
  - { id: fog, kind: corruption, corruption: fog, severities: [2, 3] }
`,
  '/x/mine.yaml',
);

describe('a derived suite', () => {
  it.each<[SuiteChanges, string]>([
    [{ examples: 2 }, 'mine+examples=2'],
    [{ models: ['c'] }, 'mine+models=c'],
    [{ models: ['../elsewhere/net.onnx', 'zoo-*'] }, 'mine+models=net,zoo-*'],
    [{ models: ['http://host:8000/v2/models/net/infer', 'code/my.mjs'] }, 'mine+models=net,my'],
    [{ entries: ['blur'] }, 'mine+entries=blur'],
    [{ corruptions: ['gaussian_*'] }, 'mine+corruptions=gaussian_blur'],
    [{ severities: [2, 3] }, 'mine+severities=2,3'],
    [{ corruptions: ['fog'], severities: [3] }, 'mine+corruptions=fog+severities=3'],
    [{ archive: '/data/CIFAR-10-C' }, 'mine+archive=CIFAR-10-C'],
    [{ data: '../elsewhere/images.npz' }, 'mine+data=images'],
    [{ seed: 8 }, 'mine+seed=8'],
    [{ straightThrough: true }, 'mine+gradient=straight-through'],
    [{ seed: 8, examples: 1 }, 'mine+examples=1+seed=8'],
  ])('%j is called %s and has a fingerprint of its own', (changes, id) => {
    const derived = deriveSuite(suite, changes);
    expect(derived.id).toBe(id);
    expect(suiteFingerprint(derived)).not.toBe(suiteFingerprint(suite));
  });

  it.each<SuiteChanges>([
    {},
    { examples: 3 },
    { models: ['a', 'b'] },
    { entries: ['fog', 'blur', 'pgd'] },
    { corruptions: ['*'] },
    { corruptions: ['fog', 'gaussian_blur'] },
    { severities: [3, 2, 1] },
    { data: 'mnist' },
    { seed: 7 },
  ])('%j changes nothing, so it is the suite itself', (changes) => {
    expect(deriveSuite(suite, changes)).toBe(suite);
  });

  it('takes the first of the listed examples', () => {
    expect(suiteIndices(deriveSuite(suite, { examples: 2 }))).toEqual([9, 4]);
  });

  it('of the first so many can have more examples, a list cannot', () => {
    const slice = { ...suite, examples: { first: 3 } };
    expect(deriveSuite(slice, { examples: 10000 })).toMatchObject({
      id: 'mine+examples=10000',
      examples: { first: 10000 },
    });
    expect(() => deriveSuite(suite, { examples: 10000 })).toThrow(/mine lists 3 examples; 10000/);
  });

  it('stops ranking when the ranking entry is left out', () => {
    expect(deriveSuite(suite, { entries: ['blur'] }).rank).toBeNull();
  });

  it('with fewer corruptions or severities keeps the attacks, and drops what has nothing left', () => {
    const idsOf = (changes: SuiteChanges) =>
      deriveSuite(suite, changes).entries.map((entry) =>
        entry.kind === 'corruption' ? `${entry.id} ${entry.severities.join()}` : entry.id,
      );
    expect(idsOf({ corruptions: ['fog'] })).toEqual(['pgd', 'fog 2,3']);
    expect(idsOf({ severities: [1] })).toEqual(['pgd', 'blur 1']);
    expect(idsOf({ corruptions: ['f*'], severities: [3], entries: ['fog'] })).toEqual(['fog 3']);
  });

  it('on an archive says so under its table', () => {
    expect(deriveSuite({ ...suite, note: 'Mind the gap.' }, { archive: 'a/CIFAR-10-C' }).note).toBe(
      'The corrupted images were read from the archive CIFAR-10-C, not made here. Mind the gap.',
    );
  });

  it.each<[SuiteChanges, RegExp]>([
    [{ corruptions: ['fgo'] }, /called "fgo"; did you mean "fog"/],
    [{ corruptions: ['snow*'] }, /called "snow\*"; there are gaussian_blur, fog/],
    [{ severities: [4] }, /has severity 4; there are 1, 2, 3/],
    [{ corruptions: ['fog'], severities: [1] }, /has severity 1; there are 2, 3/],
    [{ entries: ['pgd'], severities: [1] }, /it has no corruptions/],
    [{ entries: ['pgd'], archive: 'x' }, /it has no corruptions/],
  ])('%j says what there is', (changes, message) => {
    expect(() => deriveSuite(suite, changes)).toThrow(message);
  });

  it('with many models stays short and still tells lists apart', () => {
    const models = Array.from({ length: 30 }, (_value, i) => `model-${i}`);
    const [one, other] = [models, models.with(3, 'x')].map((list) => deriveSuite(suite, { models: list }).id);
    expect(one).toMatch(/^mine\+models=30-[0-9a-f]{8}$/);
    expect(one).not.toBe(other);
  });

  it.each<[SuiteChanges, string]>([
    [{ examples: 4 }, 'INDEX_RANGE'],
    [{ examples: 0 }, 'USAGE'],
    [{ examples: 1.5 }, 'USAGE'],
    [{ models: [] }, 'USAGE'],
    [{ entries: ['none'] }, 'SUITE_INVALID'],
    [{ corruptions: [] }, 'USAGE'],
    [{ corruptions: ['none'] }, 'SUITE_INVALID'],
    [{ severities: [] }, 'USAGE'],
    [{ severities: [6] }, 'USAGE'],
    [{ severities: [NaN] }, 'USAGE'],
    [{ severities: [5] }, 'SUITE_INVALID'],
    [{ seed: -1 }, 'USAGE'],
  ])('%j is refused with %s', (changes, key) => {
    expect(() => deriveSuite(suite, changes)).toThrow(expect.objectContaining({ key }));
  });
});

describe('the fingerprint', () => {
  it('does not change with wording', () => {
    const reworded = { ...suite, title: 'T', description: 'D', note: 'N' };
    expect(suiteFingerprint(reworded)).toBe(suiteFingerprint(suite));
  });

  it('does not change with the folder the models and data lie in', () => {
    const at = (folder: string) =>
      suiteFingerprint({
        ...suite,
        models: [`${folder}/m.onnx`],
        dataset: { source: `${folder}/d.npz`, split: 'test' },
      });
    expect(at('/a')).toBe(at('/b/c'));
  });

  it('is the same for `first: n` and for the same indices written out', () => {
    const written = suiteFingerprint({ ...suite, examples: { indices: [0, 1, 2] } });
    expect(suiteFingerprint({ ...suite, examples: { first: 3 } })).toBe(written);
  });

  it('changes with every number of the suite', () => {
    const variant = (seed: number, epsilon: number, steps: number, index: number) =>
      suiteFingerprint({
        ...suite,
        seed,
        examples: { indices: [index] },
        entries: [
          {
            kind: 'attack',
            id: 'pgd',
            title: 'x',
            stages: [
              {
                attack: 'pgd',
                parameters: { steps },
                threat: { kind: 'lp', norm: 'linf', epsilon },
                goal: { kind: 'untargeted' },
              },
            ],
          },
        ],
      });
    const numbers = fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), fc.nat());
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const equal = a.every((value, i) => value === b[i]);
        expect(variant(...a) === variant(...b)).toBe(equal);
      }),
    );
  });
});

describe('the protocol', () => {
  it('is shared by suites that differ in models and name alone', () => {
    expect(protocolFingerprint(deriveSuite(suite, { models: ['c'] }))).toBe(protocolFingerprint(suite));
    expect(protocolFingerprint(deriveSuite(suite, { examples: 1 }))).not.toBe(protocolFingerprint(suite));
  });
});
