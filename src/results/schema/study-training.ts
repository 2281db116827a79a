import type { FromSchema } from 'json-schema-to-ts';
import { COUNT, DRAFT, HASH, SCHEMA_BASE, SEED, SHARE, TEXT } from './common.js';

const AMOUNT = { type: 'number', minimum: 0 } as const;
const AMOUNTS = { type: 'array', items: { type: 'number' } } as const;

export const RIGHT = {
  type: 'object',
  additionalProperties: false,
  required: ['correct', 'n'],
  properties: { correct: COUNT, n: COUNT },
} as const;

const SPLITS = ['train', 'validation', 'test'] as const;

const LATENT = {
  type: 'object',
  additionalProperties: false,
  required: ['withinOverBetween', 'separation', 'sameCode'],
  properties: {
    withinOverBetween: { type: ['number', 'null'] },
    separation: { ...AMOUNT, description: 'Median over units, by the best split in two' },
    sameCode: SHARE,
  },
} as const;

/** Where a training or a measurement stands in a study. */
export const PLACE = {
  id: { ...TEXT, description: 'Of the model' },
  part: { enum: ['search', 'replicate', 'long'] },
  setting: { ...TEXT, description: 'Data set and backbone' },
  head: TEXT,
  seed: SEED,
} as const;

/** A training of a study over seeds: what of it is kept when the weights are not. */
export const studyTrainingSchema = {
  $schema: DRAFT,
  $id: `${SCHEMA_BASE}study-training:1`,
  title: 'Gauntlet record of a training in a study',
  type: 'object',
  additionalProperties: false,
  required: [
    ...['schemaVersion', 'kind', 'id', 'part', 'setting', 'head', 'seed', 'learningRate', 'recipe'],
    ...['fingerprint', 'model', 'epochs', 'chosenEpoch', 'crossEntropy', 'fittedEpoch', 'accuracy', 'latent'],
    ...['curves', 'tool', 'seconds'],
  ],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'study-training' },
    ...PLACE,
    learningRate: { type: 'number', exclusiveMinimum: 0 },
    recipe: { type: 'object', description: 'With every default filled in' },
    fingerprint: { ...HASH, description: 'SHA-256 of recipe and training data' },
    model: { ...HASH, description: 'SHA-256 of the model with its card, as results name it' },
    epochs: COUNT,
    chosenEpoch: { ...COUNT, description: 'Best by validation accuracy, from 1' },
    crossEntropy: { ...AMOUNT, description: 'Of the training images, mean over the chosen epoch' },
    fittedEpoch: {
      type: ['integer', 'null'],
      minimum: 1,
      description: 'First epoch whose training accuracy is 0.999 or more; null where there is none',
    },
    accuracy: {
      type: 'object',
      additionalProperties: false,
      required: SPLITS,
      properties: { train: RIGHT, validation: RIGHT, test: RIGHT },
    },
    latent: {
      type: 'object',
      additionalProperties: false,
      required: SPLITS,
      properties: { train: LATENT, validation: LATENT, test: LATENT },
    },
    curves: {
      type: 'object',
      additionalProperties: AMOUNTS,
      description: 'Values at the epochs listed under `epoch`, rounded',
      required: ['epoch'],
      properties: { epoch: { type: 'array', items: COUNT } },
    },
    tool: {
      type: 'object',
      additionalProperties: false,
      required: ['version', 'engine', 'engineVersion'],
      properties: { version: TEXT, engine: TEXT, engineVersion: TEXT },
    },
    seconds: { ...AMOUNT, description: 'May differ between identical trainings' },
  },
} as const;

export type StudyTraining = FromSchema<typeof studyTrainingSchema>;
