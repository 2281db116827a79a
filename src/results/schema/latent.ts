import type { DeepFoolSummary } from '../../metrics/latent/deepfool-paper.js';
import type { LinearProbe } from '../../metrics/latent/linear-probe.js';
import type { LatentFigures } from '../../metrics/latent/measure.js';
import type { Normalisation } from '../../metrics/latent/normalisation.js';
import {
  COUNT,
  COUNTS,
  DRAFT,
  ENGINE,
  HASH,
  PROPORTION,
  SCHEMA_BASE,
  SEED,
  SHARE,
  TEXT,
  TOOL,
} from './common.js';
import { AMOUNT, AUROC, FIGURES, MEAN_SPREAD, NUMBER } from './latent-figures.js';

const CODE_BOOK = {
  type: 'object',
  additionalProperties: false,
  required: ['words', 'empty', 'distinct', 'distances', 'minimumDistance'],
  properties: {
    words: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['class', 'word', 'count', 'n'],
        properties: { class: COUNT, word: { type: 'string', pattern: '^[01]*$' }, count: COUNT, n: COUNT },
      },
    },
    empty: COUNT,
    distinct: COUNT,
    distances: {
      type: 'array',
      items: { type: 'array', items: COUNT },
      description: 'Hamming, in the order of words',
    },
    minimumDistance: { type: ['integer', 'null'], minimum: 0 },
  },
} as const;

const HISTOGRAM = {
  additionalProperties: false,
  required: ['lower', 'upper', 'counts'],
  properties: { lower: NUMBER, upper: NUMBER, counts: COUNTS },
} as const;

const HISTOGRAMS = {
  type: 'object',
  additionalProperties: false,
  required: ['coordinates', 'pooled'],
  properties: {
    coordinates: {
      type: 'array',
      items: { type: 'object', ...HISTOGRAM },
      description: 'From the smallest value to the largest',
    },
    pooled: {
      type: ['object', 'null'],
      ...HISTOGRAM,
      description:
        'All coordinates that vary, with the peaks of each at -1 and 1; outer bins hold what is beyond',
    },
  },
  description: 'How often latent values occur, on the images of the code book, in equally wide bins',
} as const;

const RELIABILITY = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: [
    ...['right', 'wrong', 'unscored', 'classesWithoutGaussian'],
    ...['mahalanobis', 'softmax', 'hamming', 'vertex'],
  ],
  properties: {
    right: COUNT,
    wrong: COUNT,
    unscored: { ...COUNT, description: 'Images whose predicted class has no Gaussian; in no AUROC' },
    classesWithoutGaussian: COUNT,
    mahalanobis: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['ridge', 'auroc'],
        properties: { ridge: AMOUNT, auroc: AUROC },
      },
      description: 'By Mahalanobis distance to the predicted class; the first ridge is the one to quote',
    },
    softmax: { ...AUROC, description: 'By 1 - the largest softmax probability' },
    hamming: { ...AUROC, description: 'By bits from the nearest code word' },
    vertex: { ...AUROC, description: 'By distance to the nearest code word in latent space' },
  },
  description: 'How well scores detect wrong predictions; null without a training set',
} as const;

const SET = {
  type: 'object',
  additionalProperties: false,
  required: ['source', 'split', 'fingerprint', 'n', 'invalid'],
  properties: {
    source: TEXT,
    split: { enum: ['train', 'test'] },
    fingerprint: HASH,
    n: { ...COUNT, description: 'Examples taken, from the first on' },
    invalid: { ...COUNT, description: 'Of these, left out because logits or features are not finite' },
  },
} as const;

const DEEPFOOL = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: [
    ...['n', 'cleanCorrect', 'fooled', 'unmoved', 'blocked', 'failureRate'],
    ...['all', 'correctAndFooled', 'zero', 'normalisation'],
  ],
  properties: {
    n: COUNT,
    cleanCorrect: COUNT,
    fooled: COUNT,
    unmoved: { ...COUNT, description: 'Kept their class for all iterations' },
    blocked: { ...COUNT, description: 'Had no finite, non-zero gradient any more' },
    failureRate: { ...SHARE, description: 'Share not fooled' },
    all: { ...MEAN_SPREAD, description: '|r| / |x| over all images, as in the paper' },
    correctAndFooled: {
      ...MEAN_SPREAD,
      description: '|r| / |x| over images that were right and then fooled',
    },
    zero: { ...COUNT, description: 'Images with |x| = 0, in no mean' },
    normalisation: {
      type: 'object',
      additionalProperties: false,
      required: ['from', 'mean', 'std'],
      properties: {
        from: { enum: ['request', 'card', 'train', 'none'] },
        mean: { type: 'array', items: NUMBER },
        std: { type: 'array', items: NUMBER },
      },
      description: 'Coordinates of r and x: (value - mean) / std',
    },
  },
  description: 'The DeepFool metric of arXiv 2310.08224; not a judged attack. Null where not asked for',
} as const;

const TRANSFER = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['train', 'test', 'seed', 'probe'],
  properties: {
    train: SET,
    test: SET,
    seed: SEED,
    probe: {
      type: 'object',
      additionalProperties: false,
      required: ['test', 'l2', 'validation', 'fitted', 'iterations', 'converged', 'constant'],
      properties: {
        test: PROPORTION,
        l2: AMOUNT,
        validation: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['l2', 'correct', 'n'],
            properties: { l2: AMOUNT, correct: COUNT, n: COUNT },
          },
        },
        fitted: COUNT,
        iterations: COUNT,
        converged: { type: 'boolean' },
        constant: { ...COUNT, description: 'Features that never change, left out' },
      },
    },
  },
  description: 'A linear probe on the features of other data; null where not asked for',
} as const;

/** What `gauntlet latent --json` prints. */
export const latentSchema = {
  $schema: DRAFT,
  $id: `${SCHEMA_BASE}latent:1`,
  title: 'Gauntlet measures of a latent space',
  type: 'object',
  additionalProperties: false,
  required: [
    ...['schemaVersion', 'kind', 'tool', 'engine', 'model', 'width', 'numClasses', 'data', 'trainData'],
    ...['test', 'train', 'codeBook', 'reliability', 'deepfool', 'transfer'],
  ],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'latent' },
    tool: TOOL,
    engine: ENGINE,
    model: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'sha256'],
      properties: { id: TEXT, sha256: HASH },
    },
    width: { ...COUNT, description: 'Units P of the penultimate layer' },
    numClasses: COUNT,
    data: { ...SET, description: 'The images measured' },
    trainData: {
      oneOf: [{ type: 'null' }, SET],
      description: 'The training images; null where there are none',
    },
    test: { ...FIGURES, type: 'object', description: 'On `data`' },
    train: { ...FIGURES, type: ['object', 'null'], description: 'On `trainData`' },
    codeBook: {
      type: 'object',
      additionalProperties: false,
      required: ['from', 'byPrediction', 'byLabel'],
      properties: { from: { enum: ['train', 'test'] }, byPrediction: CODE_BOOK, byLabel: CODE_BOOK },
      description: 'Most common word of each class, by the midpoints of the mixtures',
    },
    histograms: HISTOGRAMS,
    reliability: RELIABILITY,
    deepfool: DEEPFOOL,
    transfer: TRANSFER,
  },
} as const;

/** Images that something was measured on. */
export interface MeasuredSet {
  readonly source: string;
  readonly split: 'train' | 'test';
  readonly fingerprint: string;
  /** Examples taken, from the first on. */
  readonly n: number;
  /** Of these, left out because logits or features are not finite. */
  readonly invalid: number;
}

/** Measures of a model's latent space, as `latentSchema` has them. */
export interface LatentReport extends LatentFigures {
  readonly schemaVersion: 1;
  readonly kind: 'latent';
  readonly tool: { readonly name: string; readonly version: string };
  readonly engine: { readonly id: string; readonly version: string };
  readonly model: { readonly id: string; readonly sha256: string };
  /** Units P of the penultimate layer. */
  readonly width: number;
  readonly numClasses: number;
  readonly data: MeasuredSet;
  readonly trainData: MeasuredSet | null;
  readonly deepfool:
    | (DeepFoolSummary & {
        readonly normalisation: Normalisation & { readonly from: 'request' | 'card' | 'train' | 'none' };
      })
    | null;
  readonly transfer: {
    readonly train: MeasuredSet;
    readonly test: MeasuredSet;
    readonly seed: number;
    readonly probe: LinearProbe;
  } | null;
}
