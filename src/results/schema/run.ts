import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';

const { COUNT, HASH, TEXT, TOOL } = common;

export const SUITE_SUMMARY = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'version', 'title', 'fingerprint', 'protocol', 'dataset', 'n', 'seed', 'note', 'rank'],
  properties: {
    id: TEXT,
    version: COUNT,
    title: TEXT,
    fingerprint: { ...HASH, description: 'SHA-256 of the content of the suite, wording apart' },
    protocol: { ...HASH, description: 'SHA-256 of how the suite measures, names and models apart' },
    dataset: common.DATASET,
    n: { ...COUNT, description: 'Number of examples' },
    seed: common.SEED,
    note: { type: ['string', 'null'] },
    rank: { type: ['string', 'null'], description: 'Column that orders the rows' },
  },
} as const;

export const COLUMN = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'title', 'kind', 'attacks', 'upperBound', 'cells'],
  properties: {
    id: TEXT,
    title: TEXT,
    kind: { enum: ['clean', 'attack', 'cascade', 'curve', 'corruption', 'corruption-mean'] },
    attacks: { type: 'array', items: TEXT, description: 'Attacks behind the number' },
    upperBound: { type: 'boolean', description: 'A stronger attack can only lower the number' },
    cells: { type: 'array', items: TEXT, description: 'Entries whose cells the column is made of' },
  },
} as const;

/** run.json: what a run set out to do. */
export const runSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}run:1`,
  title: 'Gauntlet run',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'kind', 'suite', 'columns', 'models', 'plan', 'tool'],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'run' },
    suite: SUITE_SUMMARY,
    columns: { type: 'array', items: COLUMN },
    models: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'sha256'],
        properties: {
          ...{ id: TEXT, sha256: HASH },
          gradient: common.MODEL_MARKS.gradient,
          declared: common.MODEL_MARKS.declared,
        },
      },
    },
    plan: {
      type: 'array',
      description: 'Every cell of the run',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['model', 'entry', 'fingerprint'],
        properties: { model: TEXT, entry: TEXT, fingerprint: HASH },
      },
    },
    tool: TOOL,
  },
} as const;

export type RunManifest = FromSchema<typeof runSchema>;
/** What results say about the suite they belong to. */
export type SuiteSummary = RunManifest['suite'];
/** A column of the leaderboard. */
export type Column = RunManifest['columns'][number];
