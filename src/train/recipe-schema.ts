import type { FromSchema } from 'json-schema-to-ts';
import { backboneSchema } from '../models/architectures/backbone-schema.js';
import type { Architectures } from '../models/architectures/registry.js';

const TEXT = { type: 'string', minLength: 1 } as const;
const POSITIVE = { type: 'number', exclusiveMinimum: 0 } as const;
const NOT_NEGATIVE = { type: 'number', minimum: 0 } as const;
const FRACTION = { type: 'number', minimum: 0, maximum: 1 } as const;
const DECAY = { type: 'number', minimum: 0, exclusiveMaximum: 1 } as const;
const COUNT = { type: 'integer', minimum: 1 } as const;

/** In pixel values of [0, 1]. */
const BUDGET = { type: 'number', exclusiveMinimum: 0, maximum: 1 } as const;

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

/** What a training recipe may say, of the architectures it may name. */
export const recipeSchemaOf = ({ backbones, heads }: Architectures) =>
  ({
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
          shape: {
            type: 'array',
            items: COUNT,
            minItems: 3,
            maxItems: 3,
            description: 'Channels, height, width; data of another shape are refused',
          },
        },
      },
      seed: { type: 'integer', minimum: 0, maximum: 4294967295 },
      network: {
        type: 'object',
        additionalProperties: false,
        required: ['backbone', 'head', 'activation'],
        properties: {
          backbone: backboneSchema(backbones.values()),
          head: { enum: [...heads.keys()] },
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
          kind: { enum: ['mean-square', 'exp', 'l1', 'exp-l1'] },
          initial: NOT_NEGATIVE,
          growth: { type: 'number', minimum: 1 },
          cap: NOT_NEGATIVE,
        },
      },
      loss: {
        type: 'object',
        description: 'Cross-entropy of the logits by default',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: { const: 'arcface' },
          margin: {
            type: 'number',
            minimum: 0,
            exclusiveMaximum: 1.5,
            description: 'Radians; 0.3 by default',
          },
          scale: { ...POSITIVE, description: 'Of the cosines; 32 by default' },
        },
      },
      optimiser: OPTIMISER,
      schedule: SCHEDULE,
      outputLayer: {
        type: 'object',
        description:
          "The output layer's own learning rate: the optimiser's, kept constant, unless it says more",
        additionalProperties: false,
        properties: { learningRate: POSITIVE, schedule: SCHEDULE },
      },
      augment: {
        type: 'object',
        description: 'What is done to every training image anew in every epoch; nothing by default',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          flip: { type: 'boolean', description: 'Mirror it left to right, every other time' },
          crop: { ...COUNT, description: 'Pad it by so many pixels of zeros and cut a random part out' },
        },
      },
      adversarial: {
        type: 'object',
        description: 'Train on PGD examples (Linf) in place of the images',
        additionalProperties: false,
        required: ['epsilon', 'stepSize', 'steps'],
        properties: {
          epsilon: BUDGET,
          stepSize: BUDGET,
          steps: COUNT,
          warmUp: { ...NOT_NEGATIVE, description: 'Epochs in which epsilon grows from 0; 0 by default' },
        },
      },
      epochs: COUNT,
      batchSize: COUNT,
      selectFrom: {
        ...COUNT,
        description: 'First epoch (from 1) whose weights may be chosen by validation accuracy; 1 by default',
      },
      earlyStop: {
        ...COUNT,
        description: 'Stop after so many epochs without better validation accuracy, counted from selectFrom',
      },
    },
  }) as const;

/** A recipe as its file says it. */
export type RecipeFile = FromSchema<ReturnType<typeof recipeSchemaOf>>;
