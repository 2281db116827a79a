import type { FromSchema } from 'json-schema-to-ts';
import * as common from './common.js';

const { COUNT, ENGINE, TEXT } = common;

/** What `gauntlet attack --json` prints. */
export const attackOutputSchema = {
  $schema: common.DRAFT,
  $id: `${common.SCHEMA_BASE}attack-output:1`,
  title: 'Gauntlet attack output',
  type: 'object',
  additionalProperties: false,
  required: [
    'schemaVersion',
    'model',
    'data',
    'attack',
    'threat',
    'goal',
    'n',
    'clean',
    'robust',
    'invalid',
    'outcomes',
    'distances',
    'flags',
    'seed',
    'provenance',
    'timing',
  ],
  properties: {
    schemaVersion: { const: 1 },
    model: common.MODEL,
    data: common.DATA,
    attack: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'version', 'parameters'],
      properties: { id: TEXT, version: { type: 'string' }, parameters: common.PARAMETERS },
    },
    threat: common.THREAT,
    goal: common.GOAL,
    surrogate: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'sha256'],
      properties: { id: TEXT, sha256: common.HASH, declared: common.MODEL_MARKS.declared },
      description: 'Model that gradients were taken from; absent when it is the model itself',
    },
    n: COUNT,
    clean: {
      type: 'object',
      additionalProperties: false,
      required: ['correct', 'interval'],
      properties: { correct: COUNT, interval: common.WILSON },
    },
    robust: {
      type: 'object',
      additionalProperties: false,
      required: ['correct', 'interval'],
      properties: { correct: COUNT, interval: common.WILSON },
    },
    stages: {
      type: 'array',
      description: 'Attacks of a composite in their order; absent for a single attack',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['attack', 'parameters', 'outcomes', 'robust', 'passes'],
        properties: {
          attack: TEXT,
          parameters: common.PARAMETERS,
          outcomes: common.OUTCOMES,
          robust: COUNT,
          passes: common.PASSES,
        },
      },
    },
    invalid: COUNT,
    outcomes: common.OUTCOMES,
    distances: common.DISTANCES,
    flags: { type: 'array', items: common.FLAG },
    witness: {
      type: 'array',
      items: { type: 'number' },
      description: 'The counterexample to a VNN-LIB instance, X_0 first; absent when none was found',
    },
    verification: {
      type: 'object',
      additionalProperties: false,
      required: ['engine', 'examples', 'agreeing', 'disagreeing'],
      description: 'What another engine makes of the adversarial examples; absent unless one was named',
      properties: {
        engine: ENGINE,
        examples: COUNT,
        agreeing: { ...COUNT, description: 'Right without the attack and fooled by it, there too' },
        disagreeing: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['index', 'withinRounding'],
            properties: {
              index: { ...COUNT, description: 'Data index' },
              withinRounding: {
                type: 'boolean',
                description: 'The logits that decide are within 1e-4 of their spread of one another',
              },
            },
          },
        },
      },
    },
    seed: common.SEED,
    provenance: common.PROVENANCE,
    timing: common.TIMING,
  },
} as const;

export type AttackOutput = FromSchema<typeof attackOutputSchema>;
