import { PROFILES, QUIRKS } from '../../plugin/corruption.js';
import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';

const { COUNT, COUNTS, HASH, OUTCOMES, PARAMETERS, PLUGIN, TEXT, THREAT } = common;

const MODEL_REFERENCE = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'path', 'sha256'],
  properties: {
    id: TEXT,
    path: TEXT,
    card: TEXT,
    sha256: HASH,
    gradient: common.MODEL_MARKS.gradient,
    declared: common.MODEL_MARKS.declared,
  },
} as const;

const STAGE = {
  type: 'object',
  additionalProperties: false,
  required: ['attack', 'parameters', 'threat', 'goal'],
  properties: {
    attack: PLUGIN,
    parameters: PARAMETERS,
    threat: THREAT,
    goal: common.GOAL,
    surrogate: MODEL_REFERENCE,
    fitIndices: COUNTS,
  },
} as const;

const PLAN = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    {
      additionalProperties: false,
      required: ['kind', 'stages'],
      properties: {
        kind: { const: 'attack' },
        stages: { type: 'array', items: STAGE, minItems: 1, maxItems: 1 },
      },
    },
    {
      additionalProperties: false,
      required: ['kind', 'stages'],
      properties: {
        kind: { enum: ['cascade', 'curve'] },
        stages: { type: 'array', items: STAGE, minItems: 1 },
        composite: {
          type: 'object',
          additionalProperties: false,
          description:
            'The composite that a cascade comes from; absent when its stages were listed one by one',
          required: ['plugin', 'parameters'],
          properties: { plugin: PLUGIN, parameters: PARAMETERS },
        },
      },
    },
    {
      additionalProperties: false,
      required: ['kind', 'corruption', 'severity', 'parameters', 'profile', 'quirks'],
      properties: {
        kind: { const: 'corruption' },
        corruption: PLUGIN,
        severity: { type: 'integer', minimum: 1, maximum: 5 },
        parameters: PARAMETERS,
        profile: { enum: PROFILES },
        quirks: { enum: QUIRKS },
        textures: {
          type: 'object',
          additionalProperties: false,
          description: 'Photographs the corruption laid over the images',
          required: ['folder', 'sha256'],
          properties: {
            folder: TEXT,
            sha256: { ...HASH, description: 'SHA-256 of the decoded photographs' },
          },
        },
        archive: {
          type: 'object',
          additionalProperties: false,
          description: 'Where the images were read from; absent when the plugin made them',
          required: ['folder', 'kind'],
          properties: {
            folder: TEXT,
            kind: { enum: ['cifar-c', 'mnist-c', 'imagenet-c'] },
            sha256: {
              ...HASH,
              description: 'SHA-256 of the images; absent where the archive does not hold them',
            },
          },
        },
      },
    },
  ],
} as const;

const HEADER = {
  schemaVersion: { const: 1 },
  kind: { const: 'cell' },
  entry: TEXT,
  title: TEXT,
  fingerprint: { ...HASH, description: 'SHA-256 of everything that determines the result' },
  model: common.MODEL,
  data: common.DATA,
  plan: PLAN,
  seed: common.SEED,
  provenance: common.PROVENANCE,
  timing: common.TIMING,
} as const;

const HEADER_KEYS = [
  'schemaVersion',
  'kind',
  'entry',
  'title',
  'fingerprint',
  'model',
  'data',
  'plan',
  'seed',
  'provenance',
  'timing',
  'status',
] as const;

const COMPLETED = {
  additionalProperties: false,
  required: [
    ...HEADER_KEYS,
    'n',
    'clean',
    'robust',
    'invalid',
    'outcomes',
    'distances',
    'stages',
    'passes',
    'flags',
    'witnesses',
  ],
  properties: {
    ...HEADER,
    status: { const: 'completed' },
    n: COUNT,
    clean: common.PROPORTION,
    robust: common.PROPORTION,
    invalid: COUNT,
    outcomes: OUTCOMES,
    distances: common.DISTANCES,
    stages: {
      type: 'array',
      description: 'Outcomes after each stage; none for a corruption',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['attack', 'threat', 'outcomes', 'robust', 'passes'],
        properties: {
          attack: TEXT,
          threat: THREAT,
          outcomes: OUTCOMES,
          robust: COUNT,
          passes: common.PASSES,
        },
      },
    },
    passes: {
      type: 'object',
      additionalProperties: false,
      required: ['forward', 'gradient'],
      properties: { forward: COUNTS, gradient: COUNTS },
      description: 'Passes per example',
    },
    flags: { type: 'array', items: common.FLAG },
    witnesses: {
      anyOf: [
        { type: 'null' },
        {
          type: 'object',
          additionalProperties: false,
          required: ['file', 'sha256', 'count'],
          properties: {
            file: { type: 'string', pattern: '^[^/\\\\]+\\.npz$', description: 'In the folder witnesses/' },
            sha256: HASH,
            count: COUNT,
          },
        },
      ],
    },
    contentHash: { ...HASH, description: 'SHA-256 of the judged inputs, corruptions only' },
    repaired: {
      ...COUNTS,
      description: 'Data indices right under the corruption and wrong without it, corruptions only',
    },
    calibration: common.CALIBRATION,
  },
} as const;

const UNFINISHED = {
  additionalProperties: false,
  required: [...HEADER_KEYS, 'reason'],
  properties: {
    ...HEADER,
    status: { enum: ['not-applicable', 'timed-out', 'error'] },
    reason: {
      type: 'object',
      additionalProperties: false,
      required: ['code', 'message'],
      properties: { code: TEXT, message: { type: 'string' } },
    },
  },
} as const;

/** One cell: model x data slice x plan. src/evaluate/cell.ts has the same as interfaces, with the meaning of each field. */
export const cellSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}cell:1`,
  title: 'Gauntlet cell',
  type: 'object',
  required: ['status'],
  discriminator: { propertyName: 'status' },
  oneOf: [COMPLETED, UNFINISHED],
} as const;

export type CellFile = FromSchema<typeof cellSchema>;
