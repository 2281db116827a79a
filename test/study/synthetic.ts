import type { StudyRun } from '../../src/results/schema/study-run.js';
import type { StudyTraining } from '../../src/results/schema/study-training.js';
import { trainingsOf, type StudyPlan, type Training } from '../../src/study/plan.js';
import type { StudyRecords } from '../../src/study/records.js';

/** One setting, three heads, two candidates, five seeds. */
export const smallPlan: StudyPlan = {
  recipes: '',
  settings: [{ id: 'toy-mlp', title: 'MLP on toys', suite: 'binenc', transfer: 'fashion-mnist' }],
  heads: [
    { id: 'binenc', title: 'BinEnc' },
    { id: 'linpen', title: 'LinPen' },
    { id: 'nopen', title: 'NoPen' },
  ],
  candidates: [1e-3, 3e-3],
  searchSeed: 100,
  seeds: [0, 1, 2, 3, 4],
  long: [],
  measures: { trainExamples: 10, deepfool: 10 },
};

/** Numbers of one model that tests choose; counts are out of 1,000, of the audit out of 100. */
export interface Numbers {
  readonly test: number;
  readonly cascade: number;
  readonly square: number;
  readonly apgd: number;
  readonly separation: number;
  readonly sameEncoding: number;
}

const HASH = 'ab'.repeat(32);
const right = (correct: number, n = 1000) => ({ correct, n });

export function trainingOf(
  { id, part, setting, head, seed, learningRate }: Training,
  validation = 900,
  crossEntropy = 0.1,
): StudyTraining {
  const latent = { withinOverBetween: 0.1, separation: 3, sameCode: 0.5 };
  return {
    ...{ schemaVersion: 1, kind: 'study-training', id, part, setting, head, seed },
    learningRate: learningRate ?? 1e-3,
    recipe: {},
    ...{ fingerprint: HASH, model: HASH, epochs: 4, chosenEpoch: 4, crossEntropy, fittedEpoch: 3 },
    accuracy: { train: right(1000), validation: right(validation), test: right(900) },
    latent: { train: latent, validation: latent, test: latent },
    curves: { epoch: [4], train: [1] },
    tool: { version: '0.1.0', engine: 'onnxruntime', engineVersion: '1.0.0' },
    seconds: 1,
  };
}

export function runOf({ id, part, setting, head, seed }: Training, numbers: Numbers): StudyRun {
  const set = {
    ...{ accuracy: right(numbers.test), ece: 0.01, withinClass: 0.1, separation: numbers.separation },
    ...{ medianSeparation: numbers.separation, deviation: 0.1, atFloor: 0, constant: 0 },
    ...{ sameEncoding: numbers.sameEncoding, sameEncodingMixture: numbers.sameEncoding },
  };
  const cell = (entry: string, robust: number) => ({
    ...{ entry, kind: 'attack' as const, status: 'completed' as const },
    ...{ n: 100, clean: 100, robust, invalid: 0 },
  });
  return {
    ...{ schemaVersion: 1, kind: 'study-run', id, part, setting, head, seed, training: HASH, model: HASH },
    latent: {
      ...{ units: 4, train: set, test: set, words: ['0:0000', '1:0001', '2:1110'] },
      histogram: [0, 40, 0, 1, 80],
      reliability: {
        ...{ right: 900, wrong: 100, unscored: 0, mahalanobis: { '0.001': 0.9 } },
        ...{ softmax: 0.8, hamming: 0.7, vertex: null },
      },
      deepfool: { n: 10, fooled: 9, unmoved: 1, blocked: 0, all: 0.2, correctAndFooled: 0.3 },
      transfer: { data: 'fashion-mnist', accuracy: right(500), l2: 0.1, converged: true },
    },
    audit: {
      ...{ suite: 'binenc', version: 1, fingerprint: HASH },
      cells: [
        {
          ...cell('cascade-linf-0_1', numbers.cascade),
          kind: 'cascade',
          outcomes: `${numbers.cascade}r${100 - numbers.cascade}f`,
        },
        cell('square-linf-0_1', numbers.square),
        cell('apgd-linf-0_1', numbers.apgd),
        { ...cell('fog-5', 50), kind: 'corruption' },
        { ...cell('zigzag-1', 70), kind: 'corruption' },
      ],
    },
    tool: { version: '0.1.0', engine: 'onnxruntime', engineVersion: '1.0.0' },
    seconds: 1,
  };
}

/** Records of a whole study, every model with the numbers given for it. */
export function wholeStudy(
  numbers: (head: string, seed: number, setting: string) => Partial<Numbers>,
  plan = smallPlan,
): StudyRecords {
  const usual = { test: 900, cascade: 40, square: 60, apgd: 50, separation: 12, sameEncoding: 0.995 };
  const planned = trainingsOf(plan);
  return {
    trainings: planned.map((training) =>
      // The smaller candidate wins.
      trainingOf(training, training.learningRate === 3e-3 ? 800 : 900),
    ),
    runs: planned
      .filter(({ part }) => part === 'replicate')
      .map((training) => {
        const { head, seed, setting } = training;
        return runOf(training, { ...usual, ...numbers(head, seed, setting) });
      }),
  };
}
