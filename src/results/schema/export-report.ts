import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';

const { COUNT, HASH, TEXT } = common;

const INPUT = {
  type: 'object',
  additionalProperties: false,
  required: ['shape', 'layout', 'bounds'],
  properties: {
    shape: { type: 'array', items: { type: 'integer', minimum: 1 } },
    layout: { enum: ['NCHW', 'NHWC', 'flat'] },
    bounds: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
  },
} as const;

/** What `gauntlet export --json` prints. */
export const exportReportSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}export:1`,
  title: 'Gauntlet export of a model',
  type: 'object',
  additionalProperties: false,
  required: [
    'schemaVersion',
    'kind',
    'format',
    'model',
    'exported',
    'files',
    'input',
    'output',
    'features',
    'numClasses',
    'difference',
  ],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'export' },
    format: { enum: ['tfjs-layers', 'onnx'] },
    model: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'path', 'sha256'],
      properties: { id: TEXT, path: TEXT, sha256: HASH },
    },
    exported: {
      type: 'object',
      additionalProperties: false,
      required: ['path', 'sha256'],
      properties: {
        path: { ...TEXT, description: 'What any command takes as a model' },
        sha256: HASH,
      },
    },
    files: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'bytes', 'sha256'],
        properties: { path: TEXT, bytes: COUNT, sha256: HASH },
      },
    },
    input: { ...INPUT, description: 'One example as the export takes it' },
    output: { ...TEXT, description: 'Name of the logits in the export' },
    features: { type: ['string', 'null'], description: 'Name of the penultimate layer in the export' },
    numClasses: { type: 'integer', minimum: 2 },
    difference: {
      type: 'number',
      minimum: 0,
      description:
        'Largest difference of logits and features between model and export on four examples, relative to the largest of them, or to 1',
    },
  },
} as const;

/** What was exported, and where it is. */
export type ExportReport = FromSchema<typeof exportReportSchema>;
