import type { FromSchema } from 'json-schema-to-ts';
import { COUNT, COUNTS, DRAFT, SCHEMA_BASE, SEED, SHARE, TEXT } from './common.js';

const NUMBER = { type: 'number' } as const;
const MAYBE = { type: ['number', 'null'] } as const;
const IDS = { type: 'array', items: TEXT } as const;

const UNIT = { enum: ['share', 'points', 'number'], description: 'points: a difference of shares' } as const;

const BOUNDS = {
  additionalProperties: false,
  required: ['lower', 'upper'],
  properties: { lower: NUMBER, upper: NUMBER },
} as const;

const COMPARISON = {
  type: 'object',
  additionalProperties: false,
  required: ['other', 'difference', 'p', 'adjustedP', 'smallestP', 'exact', 'interval', 'hedgesG', 'finding'],
  properties: {
    other: { ...TEXT, description: 'Head compared with' },
    difference: { ...NUMBER, description: 'Mean of the head in question less mean of the other' },
    p: SHARE,
    adjustedP: { ...SHARE, description: 'Holm over the comparisons of this figure in this setting' },
    smallestP: SHARE,
    exact: { type: 'boolean' },
    interval: {
      ...BOUNDS,
      type: ['object', 'null'],
      description: '95 % interval of the shift; null with too few seeds',
    },
    hedgesG: {
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['value', 'interval'],
      properties: { value: NUMBER, interval: { ...BOUNDS, type: 'object', description: '95 % interval' } },
      description: 'Null where seeds do not vary',
    },
    finding: { enum: ['higher', 'lower', 'open'], description: 'open: adjustedP is not below 0.05' },
  },
} as const;

const GROUP = {
  type: 'object',
  additionalProperties: false,
  required: ['head', 'values', 'mean', 'std', 'without'],
  properties: {
    head: TEXT,
    values: { type: 'array', items: NUMBER, description: 'One per seed' },
    mean: NUMBER,
    std: { type: ['number', 'null'], description: 'Of the sample; null of one seed' },
    without: { ...COUNT, description: 'Seeds measured that have no value' },
  },
} as const;

const FIGURE = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'title', 'question', 'unit', 'higherIsBetter', 'groups', 'comparisons'],
  properties: {
    id: TEXT,
    title: TEXT,
    question: {
      enum: ['claim', 'deepfool', 'attacks', 'masking', 'steadiness', 'transfer', 'detection'],
    },
    unit: UNIT,
    higherIsBetter: { type: ['boolean', 'null'], description: 'Null where neither is' },
    groups: { type: 'array', items: GROUP },
    comparisons: { type: 'array', items: COMPARISON },
  },
} as const;

const CHECK = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'part', 'setting', 'head', 'sameEncoding', 'separation', 'medianSeparation', 'reading'],
  properties: {
    id: TEXT,
    part: { enum: ['search', 'replicate', 'long'] },
    setting: TEXT,
    head: TEXT,
    sameEncoding: MAYBE,
    separation: MAYBE,
    medianSeparation: MAYBE,
    reading: { enum: ['reached', 'mechanism not reached'] },
  },
} as const;

const CHOICE = {
  type: 'object',
  additionalProperties: false,
  required: ['setting', 'head', 'chosen', 'tried'],
  properties: {
    setting: TEXT,
    head: TEXT,
    chosen: { ...MAYBE, description: 'Null until every candidate was tried' },
    tried: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['learningRate', 'correct', 'n', 'crossEntropy'],
        properties: { learningRate: NUMBER, correct: COUNT, n: COUNT, crossEntropy: NUMBER },
      },
    },
  },
} as const;

const PROGRESS = {
  type: 'object',
  additionalProperties: false,
  required: ['done', 'of', 'seconds', 'missing', 'stale'],
  properties: {
    done: COUNT,
    of: COUNT,
    seconds: { type: 'number', minimum: 0, description: 'Wall clock of those done, one after another' },
    missing: IDS,
    stale: { ...IDS, description: 'Records that do not belong to the others, left out' },
  },
} as const;

/** The study of BinEnc over seeds, made of its records alone. */
export const studySchema = {
  $schema: DRAFT,
  $id: `${SCHEMA_BASE}study:1`,
  title: 'Gauntlet study over seeds',
  type: 'object',
  additionalProperties: false,
  required: [
    ...['schemaVersion', 'kind', 'seeds', 'searchSeed', 'progress', 'learningRates', 'manipulation'],
    ...['settings', 'checkpoints', 'codes', 'long'],
  ],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'study' },
    seeds: { type: 'array', items: SEED },
    searchSeed: SEED,
    progress: {
      type: 'object',
      additionalProperties: false,
      required: ['search', 'replicate', 'long', 'measured'],
      properties: { search: PROGRESS, replicate: PROGRESS, long: PROGRESS, measured: PROGRESS },
    },
    learningRates: { type: 'array', items: CHOICE },
    manipulation: { type: 'array', items: CHECK },
    settings: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'runs', 'mechanism', 'figures'],
        properties: {
          id: TEXT,
          runs: COUNT,
          mechanism: {
            type: 'object',
            additionalProperties: false,
            required: ['reached', 'of'],
            properties: { reached: COUNT, of: COUNT },
            description: 'Replicates of the head in question that pass the manipulation check',
          },
          figures: { type: 'array', items: FIGURE },
        },
      },
    },
    checkpoints: {
      type: 'array',
      description: 'Two named checkpoints on the same images (exact McNemar test)',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['setting', 'entry', 'first', 'second', 'both', 'onlyFirst', 'onlySecond', 'neither', 'p'],
        properties: {
          ...{ setting: TEXT, entry: TEXT, first: TEXT, second: TEXT },
          ...{ both: COUNT, onlyFirst: COUNT, onlySecond: COUNT, neither: COUNT },
          p: SHARE,
        },
      },
    },
    codes: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['setting', 'head', 'units', 'books', 'histogram', 'agreement', 'nearest'],
        properties: {
          setting: TEXT,
          head: TEXT,
          units: COUNT,
          books: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['seed', 'classes', 'distinct', 'minimumDistance'],
              properties: { seed: SEED, classes: COUNT, distinct: COUNT, minimumDistance: MAYBE },
            },
          },
          histogram: {
            ...COUNTS,
            description: "Values of all units of the first seed's model, as in its record",
          },
          agreement: {
            ...MAYBE,
            description: 'Mean correlation, over pairs of seeds, of the Hamming distances between classes',
          },
          nearest: {
            type: 'array',
            items: { type: 'array', items: COUNT, minItems: 2, maxItems: 2 },
            description: 'Pairs of classes that are nearest in the code of most seeds',
          },
        },
      },
    },
    long: {
      type: 'array',
      description: 'The long trainings, one seed each: figures without a comparison',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'setting', 'head', 'epochs', 'learningRate', 'figures'],
        properties: {
          ...{ id: TEXT, setting: TEXT, head: TEXT, epochs: COUNT, learningRate: NUMBER },
          figures: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['id', 'title', 'unit', 'value'],
              properties: { id: TEXT, title: TEXT, unit: UNIT, value: MAYBE },
            },
          },
        },
      },
    },
  },
} as const;

export type Study = FromSchema<typeof studySchema>;
export type StudySetting = Study['settings'][number];
export type StudyFigure = FromSchema<typeof FIGURE>;
export type StudyComparison = FromSchema<typeof COMPARISON>;
export type StudyChoice = FromSchema<typeof CHOICE>;
export type StudyCheck = FromSchema<typeof CHECK>;
export type StudyProgress = FromSchema<typeof PROGRESS>;
