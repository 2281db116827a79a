import type { FromSchema } from 'json-schema-to-ts';
import { PROFILES, QUIRKS } from '../plugin/corruption.js';
import { NORMS } from '../plugin/threat.js';
import { threatSchema } from '../plugin/threat-schema.js';

/** Entry ids name files and metrics: lower case, digits, single `-` or `_` in between. */
const ID = { type: 'string', pattern: '^[a-z0-9]+([_-][a-z0-9]+)*$', maxLength: 64 } as const;
const TEXT = { type: 'string', minLength: 1 } as const;
const PARAMETERS = { type: 'object', description: "The plugin's own parameters" } as const;
const BUDGET = {
  type: ['number', 'string'],
  description: 'A number, or arithmetic such as "8/255"',
} as const;

const THREAT = threatSchema(BUDGET, { properties: { file: TEXT }, required: ['file'] });

const GOAL = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    { additionalProperties: false, required: ['kind'], properties: { kind: { const: 'untargeted' } } },
    {
      additionalProperties: false,
      required: ['kind', 'target'],
      properties: {
        kind: { const: 'targeted' },
        target: {
          type: ['string', 'integer'],
          pattern: '^(next|random)$',
          minimum: 0,
          description: 'next (label + 1), random (keyed draw among the others), or a class',
        },
      },
    },
  ],
} as const;

const ENTRY = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    {
      additionalProperties: false,
      required: ['kind', 'id', 'attack', 'threat'],
      properties: {
        kind: { const: 'attack' },
        id: ID,
        title: TEXT,
        attack: TEXT,
        threat: THREAT,
        goal: GOAL,
        parameters: PARAMETERS,
        surrogate: { ...TEXT, description: 'Model to take gradients from: a zoo id or a path' },
      },
    },
    {
      additionalProperties: false,
      required: ['kind', 'id', 'threat', 'stages'],
      properties: {
        kind: { const: 'cascade' },
        id: ID,
        title: TEXT,
        threat: THREAT,
        goal: GOAL,
        stages: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['attack'],
            properties: { attack: TEXT, parameters: PARAMETERS },
          },
        },
      },
    },
    {
      additionalProperties: false,
      required: ['kind', 'id', 'attack', 'norm', 'epsilons'],
      properties: {
        kind: { const: 'curve' },
        id: ID,
        title: TEXT,
        attack: TEXT,
        norm: { enum: NORMS },
        epsilons: { type: 'array', minItems: 1, items: BUDGET },
        goal: GOAL,
        parameters: PARAMETERS,
      },
    },
    {
      additionalProperties: false,
      required: ['kind', 'id', 'corruption', 'severities'],
      properties: {
        kind: { const: 'corruption' },
        id: ID,
        title: TEXT,
        corruption: TEXT,
        profile: {
          enum: PROFILES,
          description: 'Whose parameters and conventions to follow; cifar when absent',
        },
        quirks: {
          enum: QUIRKS,
          description: 'Whether mistakes of the published scripts are made again; reference when absent',
        },
        severities: {
          type: 'array',
          minItems: 1,
          uniqueItems: true,
          items: { type: 'integer', minimum: 1, maximum: 5 },
        },
      },
    },
  ],
} as const;

/** What a suite file may say. Data only: whatever needs logic belongs in a plugin. */
export const suiteSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:gauntlet-bench:schema:suite:1',
  title: 'Gauntlet suite',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'version', 'title', 'dataset', 'examples', 'models', 'seed', 'entries'],
  properties: {
    id: { ...ID, description: 'Kebab case, equal to the file name' },
    version: { type: 'integer', minimum: 1, description: 'Raised whenever the content changes' },
    title: TEXT,
    description: TEXT,
    dataset: {
      type: 'object',
      additionalProperties: false,
      required: ['source', 'split'],
      properties: { source: TEXT, split: { enum: ['train', 'test'] } },
    },
    examples: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        first: { type: 'integer', minimum: 1 },
        indices: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'integer', minimum: 0 } },
      },
    },
    models: { type: 'array', minItems: 1, uniqueItems: true, items: TEXT },
    seed: { type: 'integer', minimum: 0, maximum: 4294967295 },
    entries: { type: 'array', minItems: 1, items: ENTRY },
    note: { ...TEXT, description: 'Shown under the table' },
    rank: { ...TEXT, description: 'Column that orders the rows; without it they are not ranked' },
  },
} as const;

/** A suite as its file says it. */
export type SuiteFile = FromSchema<typeof suiteSchema>;
export type SuiteFileEntry = SuiteFile['entries'][number];
