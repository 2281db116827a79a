import type { FromSchema } from 'json-schema-to-ts';
import { COUNT, COUNTS, DRAFT, HASH, SCHEMA_BASE, SHARE, TEXT } from './common.js';
import { PLACE, RIGHT } from './study-training.js';

const MAYBE = { type: ['number', 'null'] } as const;
const MAYBE_SHARE = { type: ['number', 'null'], minimum: 0, maximum: 1 } as const;

const SET = {
  type: 'object',
  additionalProperties: false,
  required: ['accuracy', 'ece', 'withinClass', 'separation', 'medianSeparation', 'deviation', 'sameEncoding'],
  properties: {
    accuracy: RIGHT,
    ece: { ...SHARE, description: 'Expected calibration error' },
    withinClass: { ...MAYBE, description: 'NC1; by true label on train, by predicted label on test' },
    separation: { ...MAYBE, description: 'Mean over units of the distance of the two peaks, in deviations' },
    medianSeparation: { ...MAYBE, description: 'The median of the same' },
    deviation: { ...MAYBE, description: "Mean over units of the peaks' deviation" },
    atFloor: COUNT,
    constant: COUNT,
    sameEncoding: { ...MAYBE_SHARE, description: 'Words by sign, as in the paper' },
    sameEncodingMixture: { ...MAYBE_SHARE, description: 'Words by the midpoints of the mixtures' },
  },
} as const;

const LATENT = {
  type: 'object',
  additionalProperties: false,
  required: ['units', 'train', 'test', 'words', 'histogram', 'reliability', 'deepfool', 'transfer'],
  properties: {
    units: COUNT,
    train: SET,
    test: SET,
    words: {
      type: 'array',
      items: { type: 'string', pattern: '^[0-9]+:[01]*$' },
      description: 'Code book: `class:word`, most common word of each predicted class',
    },
    histogram: {
      ...COUNTS,
      description:
        'Values of all units on training images, the peaks of each at -1 and 1; bins from -2.05 to 2.05',
    },
    reliability: {
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['right', 'wrong', 'unscored', 'mahalanobis', 'softmax', 'hamming', 'vertex'],
      properties: {
        right: COUNT,
        wrong: COUNT,
        unscored: COUNT,
        mahalanobis: {
          type: 'object',
          additionalProperties: MAYBE_SHARE,
          description: 'AUROC by ridge',
        },
        ...{ softmax: MAYBE_SHARE, hamming: MAYBE_SHARE, vertex: MAYBE_SHARE },
      },
      description: 'AUROCs of detecting wrong predictions on the test images',
    },
    deepfool: {
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['n', 'fooled', 'unmoved', 'blocked', 'all', 'correctAndFooled'],
      properties: {
        ...{ n: COUNT, fooled: COUNT, unmoved: COUNT, blocked: COUNT },
        all: { ...MAYBE, description: 'Mean |r| / |x| over all images, as in the paper' },
        correctAndFooled: { ...MAYBE, description: 'Over images that were right and then fooled' },
      },
    },
    transfer: {
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['data', 'accuracy', 'l2', 'converged'],
      properties: { data: TEXT, accuracy: RIGHT, l2: { type: 'number' }, converged: { type: 'boolean' } },
    },
  },
} as const;

const CELL = {
  type: 'object',
  additionalProperties: false,
  required: ['entry', 'kind', 'status'],
  properties: {
    entry: TEXT,
    kind: { enum: ['attack', 'cascade', 'curve', 'corruption'] },
    status: { enum: ['completed', 'not-applicable', 'timed-out', 'error'] },
    n: COUNT,
    clean: { ...COUNT, description: 'Right without attack' },
    robust: { ...COUNT, description: 'Still right' },
    invalid: COUNT,
    flags: { type: 'array', items: TEXT },
    outcomes: {
      type: 'string',
      pattern: '^([1-9][0-9]*[rfwi])*$',
      description: 'Run-length coded, where two checkpoints are compared image by image',
    },
  },
} as const;

/** What was measured of a model of a study over seeds. */
export const studyRunSchema = {
  $schema: DRAFT,
  $id: `${SCHEMA_BASE}study-run:1`,
  title: 'Gauntlet record of a measurement in a study',
  type: 'object',
  additionalProperties: false,
  required: [
    ...['schemaVersion', 'kind', 'id', 'part', 'setting', 'head', 'seed', 'training', 'model', 'latent'],
    ...['audit', 'tool', 'seconds'],
  ],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'study-run' },
    ...PLACE,
    training: { ...HASH, description: "The training record's fingerprint" },
    model: HASH,
    latent: LATENT,
    audit: {
      type: 'object',
      additionalProperties: false,
      required: ['suite', 'version', 'fingerprint', 'cells'],
      properties: {
        suite: TEXT,
        version: COUNT,
        fingerprint: { ...HASH, description: 'Of the suite as it comes with the package' },
        cells: { type: 'array', items: CELL },
      },
    },
    tool: {
      type: 'object',
      additionalProperties: false,
      required: ['version', 'engine', 'engineVersion'],
      properties: { version: TEXT, engine: TEXT, engineVersion: TEXT },
    },
    seconds: { type: 'number', minimum: 0, description: 'May differ between identical measurements' },
  },
} as const;

export type StudyRun = FromSchema<typeof studyRunSchema>;
