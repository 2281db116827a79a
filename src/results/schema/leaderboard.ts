import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';
import * as summary from './corruption-summary.js';
import { COLUMN, SUITE_SUMMARY } from './run.js';

const { COUNT, HASH, SHARE, TEXT } = common;
const { CONFIDENCE, INTERVAL } = summary;

const MEASURED = {
  correct: COUNT,
  n: COUNT,
  accuracy: { ...SHARE, description: 'correct / n' },
  interval: INTERVAL,
  invalid: { ...COUNT, description: 'Examples without a valid outcome; they count as not correct' },
} as const;

const MEASURED_KEYS = ['correct', 'n', 'accuracy', 'interval', 'invalid'] as const;

const COMPLETED_VALUE = {
  additionalProperties: false,
  required: ['status', ...MEASURED_KEYS],
  properties: {
    status: { const: 'completed' },
    ...MEASURED,
    severities: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['severity', ...MEASURED_KEYS],
        properties: { severity: { type: 'integer', minimum: 1, maximum: 5 }, ...MEASURED, ...CONFIDENCE },
      },
    },
    curve: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['epsilon', ...MEASURED_KEYS],
        properties: { epsilon: { type: 'number', minimum: 0 }, ...MEASURED },
      },
    },
    medianDistance: {
      type: ['number', 'null'],
      description:
        'Minimum-norm attacks: median distance over all examples, 0 for wrong ones; null when not finite',
    },
  },
} as const;

const UNFINISHED_VALUE = {
  additionalProperties: false,
  required: ['status', 'reason'],
  properties: {
    status: { enum: ['not-applicable', 'timed-out', 'error', 'missing'] },
    reason: { type: 'string' },
  },
} as const;

const VALUE = {
  type: 'object',
  required: ['status'],
  discriminator: { propertyName: 'status' },
  oneOf: [COMPLETED_VALUE, UNFINISHED_VALUE],
} as const;

const ROW = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'complete', 'rank', 'columns', 'flags'],
  properties: {
    model: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'sha256'],
      properties: { id: TEXT, sha256: HASH, ...common.MODEL_MARKS },
    },
    complete: { type: 'boolean', description: 'Whether every cell completed' },
    rank: { type: ['integer', 'null'], minimum: 1 },
    columns: { type: 'object', additionalProperties: VALUE, description: 'By column id' },
    corruption: summary.CORRUPTION_SUMMARY,
    flags: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['code', 'entry', 'message'],
        properties: { code: TEXT, entry: TEXT, message: TEXT },
      },
    },
  },
} as const;

const LEADERBOARD_COLUMN = {
  ...COLUMN,
  properties: {
    ...COLUMN.properties,
    conditions: {
      type: 'array',
      description:
        'Corruption columns: how the images of each cell were made, whatever its plan says; absent where no cell is there',
      items: {
        type: 'object',
        additionalProperties: true,
        required: ['entry', 'severity'],
        properties: {
          entry: TEXT,
          severity: { type: 'integer', minimum: 1, maximum: 5 },
          contentHash: { ...HASH, description: 'SHA-256 of the images' },
        },
      },
    },
    plugins: {
      type: 'array',
      description: 'Plugins that were run, with their versions; absent where no cell is there',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'version'],
        properties: {
          id: TEXT,
          version: TEXT,
          sha256: { ...HASH, description: 'Of the file, of plugins that are not built in' },
        },
      },
    },
  },
} as const;

/** leaderboard.json: one row per model, one column per entry of the suite. */
export const leaderboardSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}leaderboard:1`,
  title: 'Gauntlet leaderboard',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'kind', 'suite', 'data', 'columns', 'ranked', 'rows'],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'leaderboard' },
    suite: SUITE_SUMMARY,
    data: {
      anyOf: [{ type: 'null' }, HASH],
      description: "SHA-256 of the data set's content; null without any result",
    },
    columns: { type: 'array', items: LEADERBOARD_COLUMN },
    ranked: { anyOf: [{ const: false }, TEXT], description: 'Column that orders the rows, or false' },
    rows: { type: 'array', items: ROW },
    baseline: summary.BASELINE,
  },
} as const;

export type Leaderboard = FromSchema<typeof leaderboardSchema>;
export type LeaderboardColumn = Leaderboard['columns'][number];
export type LeaderboardRow = Leaderboard['rows'][number];
export type ColumnValue = LeaderboardRow['columns'][string];
export type CompletedValue = Extract<ColumnValue, { status: 'completed' }>;
export type CorruptionSummary = NonNullable<LeaderboardRow['corruption']>;
export type CorruptionFigure = NonNullable<CorruptionSummary['mce']>;
export type LeaderboardBaseline = NonNullable<Leaderboard['baseline']>;
export type LeaderboardInterval = CompletedValue['interval'];
