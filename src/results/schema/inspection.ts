import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';

const { COUNT, TEXT } = common;

const SHAPE = { type: 'array', items: { type: 'integer', minimum: 0 } } as const;

const VALUES = {
  type: 'array',
  description: 'Values with their type and shape; a dimension known only at run time is a name',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'type', 'shape'],
    properties: {
      name: { type: 'string' },
      type: { type: ['string', 'null'], description: 'null where the file does not say' },
      shape: { type: ['array', 'null'], items: { type: ['integer', 'string'] } },
    },
  },
} as const;

const GROUPING = {
  enum: ['any', 'multiples', 'alone'],
  description: 'How examples are grouped into engine calls so that none changes the bits of another',
} as const;

const BLOCKER = {
  type: 'object',
  additionalProperties: false,
  required: ['operator', 'node', 'reason', 'straightThroughPossible'],
  properties: {
    operator: TEXT,
    node: { type: 'string' },
    reason: TEXT,
    straightThroughPossible: { type: 'boolean' },
  },
} as const;

const GRADIENT = {
  type: 'object',
  required: ['status'],
  discriminator: { propertyName: 'status' },
  oneOf: [
    { additionalProperties: false, required: ['status'], properties: { status: { const: 'passes' } } },
    {
      additionalProperties: false,
      required: ['status', 'blockers', 'straightThroughPasses', 'straightThroughByCard'],
      properties: {
        status: { const: 'blocked' },
        blockers: { type: 'array', items: BLOCKER, minItems: 1 },
        straightThroughPasses: { type: 'boolean' },
        straightThroughByCard: { type: 'boolean', description: 'Whether the card asks for it' },
      },
    },
  ],
} as const;

const USABLE = {
  additionalProperties: false,
  required: [
    ...['status', 'input', 'numClasses', 'logits', 'softmaxRemoved', 'features', 'stochastic'],
    ...['forwardFlops', 'grouping', 'gradient'],
  ],
  properties: {
    status: { const: 'usable' },
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['shape', 'layout', 'bounds'],
      properties: {
        shape: SHAPE,
        layout: { enum: ['NCHW', 'NHWC', 'flat'] },
        bounds: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
      },
    },
    numClasses: COUNT,
    logits: { ...TEXT, description: 'Value that is taken as logits' },
    softmaxRemoved: { type: 'boolean' },
    features: { type: ['string', 'null'] },
    stochastic: {
      type: 'array',
      description: 'Random numbers the model draws, per example',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'shape', 'distribution'],
        properties: { name: TEXT, shape: SHAPE, distribution: { enum: ['normal', 'uniform'] } },
      },
    },
    forwardFlops: { ...COUNT, description: 'Of one example, in convolutions and matrix products' },
    grouping: {
      type: 'object',
      additionalProperties: false,
      required: ['forward', 'gradient'],
      properties: { forward: GROUPING, gradient: { anyOf: [GROUPING, { type: 'null' }] } },
    },
    gradient: GRADIENT,
  },
} as const;

/** What `gauntlet inspect --json` prints. */
export const inspectionSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}inspection:1`,
  title: 'Gauntlet inspection of a model',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'kind', 'model', 'file', 'classifier', 'warnings'],
  properties: {
    schemaVersion: { const: 1 },
    kind: { const: 'inspection' },
    model: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'path', 'card', 'sha256', 'bytes'],
      properties: {
        id: TEXT,
        path: TEXT,
        card: { type: ['string', 'null'] },
        sha256: common.HASH,
        bytes: COUNT,
      },
    },
    file: {
      type: 'object',
      additionalProperties: false,
      required: ['format', 'opsets', 'nodes', 'operators', 'parameters', 'inputs', 'outputs'],
      properties: {
        format: {
          enum: ['onnx', 'tfjs-layers', 'tfjs-graph'],
          description: 'A TensorFlow.js model is shown as the ONNX operators it was rewritten into',
        },
        opsets: { type: 'object', additionalProperties: COUNT },
        nodes: COUNT,
        operators: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['operator', 'count', 'gradient', 'note'],
            properties: {
              operator: { ...TEXT, description: 'With its domain unless that is the standard one' },
              count: COUNT,
              gradient: {
                enum: [
                  'rule',
                  'lowered',
                  'cut',
                  'folded',
                  'random',
                  'straight-through',
                  'blocked',
                  'unknown',
                ],
              },
              note: { type: 'string' },
            },
          },
        },
        parameters: {
          type: 'object',
          additionalProperties: false,
          required: ['tensors', 'count', 'bytes'],
          properties: { tensors: COUNT, count: COUNT, bytes: COUNT },
        },
        inputs: VALUES,
        outputs: VALUES,
      },
    },
    classifier: {
      type: 'object',
      required: ['status'],
      discriminator: { propertyName: 'status' },
      oneOf: [
        USABLE,
        {
          additionalProperties: false,
          required: ['status', 'code', 'reason', 'help'],
          properties: { status: { const: 'refused' }, code: TEXT, reason: TEXT, help: TEXT },
        },
      ],
    },
    warnings: { type: 'array', items: TEXT },
  },
} as const;

/** What is in a model file, and what Gauntlet makes of it. */
export type Inspection = FromSchema<typeof inspectionSchema>;
