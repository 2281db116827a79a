import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../src/fingerprint.js';
import { parseSuite, readSuite } from '../../src/suite/read.js';

const SOURCE = '/suites/mine.yaml';
const HEAD = `id: mine
version: 1
title: Mine
dataset: { source: mnist, split: test }
examples: { first: 10 }
models: ['mnist-*', ./a/model.onnx]
seed: 7
`;
const FGSM = `entries:
  - id: fgsm
    kind: attack
    attack: fgsm
    threat: { kind: lp, norm: linf, epsilon: 8/255 }
`;

describe('a well-formed suite', () => {
  it('is read with numbers for budgets, absolute paths, titles and goals', async () => {
    const suite = await parseSuite(HEAD + FGSM, SOURCE);
    expect(suite).toEqual({
      id: 'mine',
      version: 1,
      title: 'Mine',
      description: null,
      dataset: { source: 'mnist', split: 'test' },
      examples: { first: 10 },
      models: ['mnist-*', '/suites/a/model.onnx'],
      seed: 7,
      entries: [
        {
          kind: 'attack',
          id: 'fgsm',
          title: 'FGSM Linf 8/255',
          stages: [
            {
              attack: 'fgsm',
              parameters: {},
              threat: { kind: 'lp', norm: 'linf', epsilon: 8 / 255 },
              goal: { kind: 'untargeted' },
            },
          ],
        },
      ],
      note: null,
      rank: null,
    });
  });

  it('may rank by the mean of its corruptions', async () => {
    const text = `${HEAD}entries:
  - { id: fog, kind: corruption, corruption: fog, severities: [1] }
rank: mean-corruption
`;
    expect((await parseSuite(text, SOURCE)).rank).toBe('mean-corruption');
  });

  it('turns a curve into one stage per budget, ascending', async () => {
    const text = `${HEAD}entries:
  - { id: c, kind: curve, attack: pgd, norm: l2, epsilons: [1, 2/4, '1.5'], parameters: { steps: 20 } }
`;
    const [entry] = (await parseSuite(text, SOURCE)).entries;
    expect(entry).toMatchObject({
      kind: 'curve',
      title: 'PGD-20 L2 0.5 to 1.5',
      stages: [0.5, 1, 1.5].map((epsilon) => ({ attack: 'pgd', threat: { norm: 'l2', epsilon } })),
    });
  });

  it('gives every stage of a cascade the same threat and goal', async () => {
    const text = `${HEAD}entries:
  - id: both
    kind: cascade
    threat: { kind: patch, area: 0.05 }
    goal: { kind: targeted, target: next }
    stages: [{ attack: fgsm }, { attack: pgd, parameters: { steps: 5 } }]
`;
    const [entry] = (await parseSuite(text, SOURCE)).entries;
    const shared = { threat: { kind: 'patch', area: 0.05 }, goal: { kind: 'targeted', target: 'next' } };
    expect(entry).toEqual({
      kind: 'cascade',
      id: 'both',
      title: 'FGSM, PGD-5 patch 5 %, targeted',
      stages: [
        { attack: 'fgsm', parameters: {}, ...shared },
        { attack: 'pgd', parameters: { steps: 5 }, ...shared },
      ],
    });
  });

  it('sorts the severities of a corruption', async () => {
    const text = `${HEAD}entries:\n  - { id: n, kind: corruption, corruption: gaussian_noise, severities: [5, 1] }\n`;
    const [entry] = (await parseSuite(text, SOURCE)).entries;
    expect(entry).toMatchObject({ title: 'Gaussian noise', severities: [1, 5] });
  });
});

describe('a malformed suite is refused with its place', () => {
  const lines = (HEAD + FGSM).split('\n');
  const withLine = (number: number, line: string) => lines.with(number - 1, line).join('\n');

  it.each([
    ['a YAML mistake', withLine(5, 'examples: { first: 10'), /mine\.yaml:\d+:\d+: /],
    ['a tab as indentation', withLine(9, '\t- id: fgsm'), /mine\.yaml:9:1: /],
    ['a key given twice', withLine(3, 'id: again'), /mine\.yaml:3:1: .*unique/],
    ['an unknown tag', withLine(3, 'title: !!js/function x'), /mine\.yaml:3:8: /],
    [
      'an unknown property',
      withLine(3, 'titel: Mine'),
      /mine\.yaml:3:1: titel: there is no property "titel" here/,
    ],
    ['a missing property', withLine(7, ''), /mine\.yaml:1:1: \(root\): the property "seed" is missing/],
    ['a wrong type', withLine(2, 'version: one'), /mine\.yaml:2:1: version: must be integer/],
    [
      'a wrong choice',
      withLine(4, 'dataset: { source: x, split: dev }'),
      /:4:23: dataset\.split: must be one of "train", "test"/,
    ],
    [
      'both ways of choosing examples',
      withLine(5, 'examples: { first: 1, indices: [2] }'),
      /:5:1: examples: must NOT have more than 1/,
    ],
    ['no example', withLine(5, 'examples: { first: 0 }'), /:5:13: examples\.first: must be >= 1/],
    ['an unknown kind of entry', withLine(10, '    kind: atack'), /:9:5: entries\[0\]: .*"kind"/],
    [
      'an unknown property of a threat',
      withLine(12, '    threat: { kind: lp, norm: linf, epsilon: 1, eps: 2 }'),
      /:12:49: entries\[0\]\.threat\.eps: /,
    ],
    [
      'an unknown norm',
      withLine(12, '    threat: { kind: lp, norm: l3, epsilon: 1 }'),
      /:12:25: entries\[0\]\.threat\.norm: must be one of "linf"/,
    ],
    [
      'an id that cannot be a file name',
      withLine(9, '  - id: ../x'),
      /:9:5: entries\[0\]\.id: must match pattern/,
    ],
    [
      'a budget that is a program',
      withLine(12, '    threat: { kind: lp, norm: linf, epsilon: "f(x)=x" }'),
      /:12:37: entries\[0\]\.threat\.epsilon: .*FunctionAssignmentNode/,
    ],
    ['a scalar instead of a mapping', 'hello', /mine\.yaml:1:1: \(root\): must be object/],
    ['nothing', '', /mine\.yaml.*\(root\): must be object/],
  ])('%s', async (_what, text, message) => {
    await expect(parseSuite(text, SOURCE)).rejects.toMatchObject({
      key: 'SUITE_INVALID',
      message: expect.stringMatching(message),
    });
  });

  const corruption = (id: string) =>
    `  - { id: ${id}, kind: corruption, corruption: contrast, severities: [3] }\n`;
  it.each([
    ['two entries of one id', corruption('fgsm'), /:13:5: entries\[1\]: "fgsm" has the same name as "fgsm"/],
    [
      'an id equal to the cell of another entry',
      corruption('c') + corruption('c-3'),
      /entries\[2\]: "c-3" has the same name/,
    ],
    [
      'ids that are one metric',
      corruption('a-b') + corruption('a_b'),
      /entries\[2\]: "a_b" has the same name as "a-b"/,
    ],
    ['an id every row has', corruption('clean'), /the id "clean" is reserved/],
    ['an id of the mean', corruption('mean-corruption'), /the id "mean-corruption" is reserved/],
    ['an id that is a metric of all corruptions', corruption('mce'), /the id "mce" is reserved/],
    ['an id that is a function of expressions', corruption('min'), /the id "min" is reserved/],
    [
      'a rank by the mean of corruptions where there are none',
      'rank: mean-corruption\n',
      /there is no entry "mean-corruption"; there are clean, fgsm/,
    ],
    [
      'a rank that is no column',
      'rank: pgd\n',
      /:13:1: rank: there is no entry "pgd"; there are clean, fgsm/,
    ],
  ])('%s', async (_what, text, message) => {
    await expect(parseSuite(HEAD + FGSM + text, SOURCE)).rejects.toMatchObject({
      key: 'SUITE_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('aliases that unfold without end', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
      bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);
    }
    await expect(parseSuite(bomb.join('\n'), SOURCE)).rejects.toMatchObject({ key: 'SUITE_INVALID' });
  });
});

describe('a suite file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gauntlet-suite-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('that does not exist is an unknown suite', async () => {
    await expect(readSuite(join(folder, 'none.yaml'))).rejects.toMatchObject({ key: 'UNKNOWN_SUITE' });
  });

  it('takes box files from its own folder and remembers their content', async () => {
    const box = FGSM.replace(/\{ kind: lp.*\}/, '{ kind: box, file: box.npz }');
    await writeFile(join(folder, 'box.npz'), 'bytes');
    await writeFile(join(folder, 'box.yaml'), HEAD + box);
    const [entry] = (await readSuite(join(folder, 'box.yaml'))).entries;
    expect(entry).toMatchObject({
      stages: [{ threat: { kind: 'box', file: join(folder, 'box.npz'), sha256: sha256('bytes') } }],
    });
  });
});
