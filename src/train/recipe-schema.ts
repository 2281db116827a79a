import type { FromSchema } from 'json-schema-to-ts';

const TEXT = { type: 'string', minLength: 1 } as const;
const POSITIVE = { type: 'number', exclusiveMinimum: 0 } as const;
const NOT_NEGATIVE = { type: 'number', minimum: 0 } as const;
const FRACTION = { type: 'number', minimum: 0, maximum: 1 } as const;
const DECAY = { type: 'number', minimum: 0, exclusiveMaximum: 1 } as const;
const COUNT = { type: 'integer', minimum: 1 } as const;
const WIDTHS = { type: 'array', items: COUNT, maxItems: 16 } as const;

const BACKBONE = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    {
      additionalProperties: false,
      required: ['kind', 'widths'],
      properties: { kind: { const: 'mlp' }, widths: { ...WIDTHS, minItems: 1 } },
    },
    {
      additionalProperties: false,
      required: ['kind', 'channels', 'widths'],
      properties: { kind: { const: 'cnn' }, channels: { ...WIDTHS, minItems: 1 }, widths: WIDTHS },
    },
  ],
} as const;

const OPTIMISER = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    {
      additionalProperties: false,
      required: ['kind', 'learningRate'],
      properties: {
        kind: { const: 'sgd' },
        learningRate: POSITIVE,
        momentum: { ...DECAY, description: '0 by default' },
        weightDecay: { ...NOT_NEGATIVE, description: 'L2; 0 by default' },
      },
    },
    {
      additionalProperties: false,
      required: ['kind', 'learningRate'],
      properties: {
        kind: { enum: ['adam', 'adamw'] },
        learningRate: POSITIVE,
        beta1: { ...DECAY, description: '0.9 by default' },
        beta2: { ...DECAY, description: '0.999 by default' },
        epsilon: { ...POSITIVE, description: '1e-8 by default' },
        weightDecay: { ...NOT_NEGATIVE, description: 'L2 in adam, decoupled in adamw; 0 by default' },
      },
    },
  ],
} as const;

const SCHEDULE = {
  type: 'object',
  description: 'Of the learning rate; constant by default',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    { additionalProperties: false, required: ['kind'], properties: { kind: { const: 'constant' } } },
    {
      additionalProperties: false,
      required: ['kind', 'after', 'every', 'factor'],
      properties: { kind: { const: 'step' }, after: NOT_NEGATIVE, every: POSITIVE, factor: POSITIVE },
    },
    {
      additionalProperties: false,
      required: ['kind'],
      properties: { kind: { const: 'cosine' }, floor: { ...FRACTION, description: '0 by default' } },
    },
  ],
} as const;

/** What a training recipe may say. */
export const recipeSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Gauntlet training recipe',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'title', 'data', 'seed', 'network', 'optimiser', 'epochs', 'batchSize'],
  properties: {
    id: {
      type: 'string',
      pattern: '^[a-z0-9]+([_-][a-z0-9]+)*$',
      maxLength: 64,
      description: 'Id of the model',
    },
    title: TEXT,
    description: TEXT,
    data: {
      type: 'object',
      additionalProperties: false,
      required: ['source', 'validation'],
      properties: {
        source: { ...TEXT, description: 'Id or path of a data set' },
        validation: {
          ...COUNT,
          description: 'Examples of the training split set aside to choose the checkpoint',
        },
        limit: { ...COUNT, description: 'Use the first so many examples of the training split only' },
      },
    },
    seed: { type: 'integer', minimum: 0, maximum: 4294967295 },
    network: {
      type: 'object',
      additionalProperties: false,
      required: ['backbone', 'head', 'activation'],
      properties: {
        backbone: BACKBONE,
        head: { enum: ['binenc', 'wide-binenc', 'linpen', 'nonlinpen', 'nopen'] },
        units: { ...COUNT, description: 'Of the penultimate layer' },
        activation: { enum: ['relu', 'silu'] },
      },
    },
    penalty: {
      type: 'object',
      description:
        'On the penultimate output; its strength is multiplied by `growth` after every epoch, up to `cap`',
      additionalProperties: false,
      required: ['kind', 'initial', 'growth', 'cap'],
      properties: {
        kind: { enum: ['mean-square', 'exp'] },
        initial: NOT_NEGATIVE,
        growth: { type: 'number', minimum: 1 },
        cap: NOT_NEGATIVE,
      },
    },
    optimiser: OPTIMISER,
    schedule: SCHEDULE,
    epochs: COUNT,
    batchSize: COUNT,
    selectFrom: {
      ...COUNT,
      description: 'First epoch (from 1) whose weights may be chosen by validation accuracy; 1 by default',
    },
  },
} as const;

/** A recipe as its file says it. */
export type RecipeFile = FromSchema<typeof recipeSchema>;
