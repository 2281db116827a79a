import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';

const { COUNT, HASH, SHARE, TEXT } = common;

const BASELINE = {
  type: 'object',
  additionalProperties: false,
  required: ['correct', 'n'],
  properties: {
    correct: COUNT,
    n: COUNT,
    outcomes: {
      type: 'object',
      description:
        'Outcomes per cell, run-length coded (`12r1w30r`), so that newly fooled examples can be named',
      additionalProperties: { type: 'string', pattern: '^([1-9][0-9]*[rfwi])*$' },
    },
  },
} as const;

const MINIMUM_RULE = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'column', 'minimum'],
  properties: {
    model: TEXT,
    column: TEXT,
    minimum: { ...SHARE, description: 'Least accuracy' },
    baseline: BASELINE,
  },
} as const;

const EXPRESSION_RULE = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'expression'],
  properties: {
    model: { ...TEXT, description: 'Model id, or a glob' },
    expression: { ...TEXT, description: 'E.g. pgd_linf >= 0.8 * clean' },
  },
} as const;

const CORRUPTIONS = {
  type: 'object',
  description: 'How the corruption columns were made, by column id',
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    required: ['conditions'],
    properties: {
      conditions: { ...HASH, description: 'SHA-256 of plugins, parameters, profile, quirks and the like' },
      images: { ...HASH, description: "SHA-256 of the images' hashes" },
    },
  },
} as const;

/** thresholds.json: what a run must reach. */
export const thresholdsSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}thresholds:1`,
  title: 'Gauntlet thresholds',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'kind', 'suite', 'rules'],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'thresholds' },
    suite: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'version', 'fingerprint'],
      properties: { id: TEXT, version: COUNT, fingerprint: HASH },
    },
    data: { ...HASH, description: "SHA-256 of the data set's content" },
    corruptions: CORRUPTIONS,
    corruptionBaseline: {
      type: 'object',
      additionalProperties: false,
      description: 'What corruption errors are divided by',
      required: ['id', 'kind', 'sha256'],
      properties: { id: TEXT, kind: { enum: ['model', 'published'] }, sha256: HASH },
    },
    rules: { type: 'array', minItems: 1, items: { anyOf: [MINIMUM_RULE, EXPRESSION_RULE] } },
  },
} as const;

export type Thresholds = FromSchema<typeof thresholdsSchema>;
export type MinimumRule = FromSchema<typeof MINIMUM_RULE>;
export type ExpressionRule = FromSchema<typeof EXPRESSION_RULE>;
