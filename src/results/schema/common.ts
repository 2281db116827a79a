import { CALIBRATION_BINS } from '../../metrics/corruption/calibration.js';
import { threatSchema } from '../../plugin/threat-schema.js';

/** Pieces that several schemas share. */

export const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** Base of every schema's `$id`. */
export const SCHEMA_BASE = 'urn:gauntlet-bench:schema:';

export const TEXT = { type: 'string', minLength: 1 } as const;
export const COUNT = { type: 'integer', minimum: 0 } as const;
export const SHARE = { type: 'number', minimum: 0, maximum: 1 } as const;
export const HASH = {
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 in lower-case hex',
} as const;
export const SEED = { type: 'integer', minimum: 0 } as const;
export const COUNTS = { type: 'array', items: COUNT } as const;

/** What wrote a result. */
export const TOOL = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'version'],
  properties: { name: TEXT, version: TEXT },
} as const;

/** What ran the models. */
export const ENGINE = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'version'],
  properties: { id: TEXT, version: TEXT },
} as const;

export const OUTCOMES = {
  type: 'string',
  pattern: '^[rfwi]*$',
  description: 'One letter per example: r robust, f fooled, w wrong without attack, i invalid',
} as const;

export const DISTANCES = {
  type: 'array',
  items: { type: ['number', 'null'], minimum: 0 },
  description: "Distance in raw units of the threat's norm; null for r and i, 0 for w",
} as const;

export const WILSON = {
  type: 'object',
  additionalProperties: false,
  required: ['lower', 'upper', 'level', 'method'],
  properties: { lower: SHARE, upper: SHARE, level: { const: 0.95 }, method: { const: 'wilson' } },
} as const;

/** Passes of the network, summed over the examples. */
export const PASSES = {
  type: 'object',
  additionalProperties: false,
  required: ['forward', 'gradient'],
  properties: { forward: COUNT, gradient: COUNT },
} as const;

export const PROPORTION = {
  type: 'object',
  additionalProperties: false,
  required: ['correct', 'n', 'interval'],
  properties: { correct: COUNT, n: COUNT, interval: WILSON },
} as const;

export const THREAT = threatSchema(
  { type: 'number', minimum: 0 },
  { properties: { file: TEXT, sha256: HASH }, required: ['file', 'sha256'] },
);

export const GOAL = {
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
        target: { anyOf: [{ enum: ['next', 'random'] }, { type: 'integer', minimum: 0 }] },
      },
    },
  ],
} as const;

export const PLUGIN = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'version'],
  properties: { id: TEXT, version: { type: 'string' }, module: TEXT, sha256: HASH },
} as const;

export const PARAMETERS = { type: 'object', additionalProperties: true } as const;

export const FLAG = {
  type: 'object',
  additionalProperties: false,
  required: ['code', 'message', 'evidence'],
  properties: { code: TEXT, message: TEXT, evidence: PARAMETERS },
} as const;

export const DATASET = {
  type: 'object',
  additionalProperties: false,
  required: ['source', 'split'],
  properties: { source: TEXT, split: { enum: ['train', 'test'] } },
} as const;

const GRADIENT = {
  enum: ['straight-through'],
  description:
    'Gradients passed operators whose derivative is zero almost everywhere; absent: they were exact',
} as const;

const STOCHASTIC = {
  const: true,
  description: 'The model draws random numbers and was judged by the majority of 20 draws per example',
} as const;

const DECLARED = {
  type: 'object',
  additionalProperties: false,
  required: ['by', 'gradients'],
  description:
    'The model is no file but code or behind HTTP: its sha256 is of what it says of itself, not of its content',
  properties: {
    by: { enum: ['code', 'kserve-v2', 'tf-serving'] },
    version: { ...TEXT, description: 'As its author or server gives it' },
    gradients: { type: 'boolean' },
  },
} as const;

/** What a result says about its model beside its identity. */
export const MODEL_MARKS = { gradient: GRADIENT, stochastic: STOCHASTIC, declared: DECLARED } as const;

const OWN_UNITS = {
  type: 'array',
  items: { type: 'number' },
  minItems: 2,
  maxItems: 2,
  description:
    "Lowest and highest legal input value, of a model attacked in its file's own units, without its card's preprocessing",
} as const;

const BINS = { minItems: CALIBRATION_BINS, maxItems: CALIBRATION_BINS } as const;

/** Confidence of a model and how far it is from its accuracy. */
export const CALIBRATION = {
  type: 'object',
  additionalProperties: false,
  description: 'Confidence on the corrupted images, examples without outcome left out; corruptions only',
  required: ['confidence', 'error', 'bins'],
  properties: {
    confidence: { ...SHARE, description: 'Mean softmax probability of the predicted class' },
    error: { ...SHARE, description: 'Expected calibration error' },
    bins: {
      type: 'object',
      additionalProperties: false,
      description: `Per bin of confidence (b / ${CALIBRATION_BINS}, (b + 1) / ${CALIBRATION_BINS}]`,
      required: ['n', 'correct', 'confidence'],
      properties: {
        n: { ...COUNTS, ...BINS },
        correct: { ...COUNTS, ...BINS },
        confidence: {
          type: 'array',
          items: { type: 'number', minimum: 0 },
          ...BINS,
          description: 'Sum of the confidences',
        },
      },
    },
  },
} as const;

/** The model a cell is of. */
export const MODEL = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'sha256', 'file'],
  properties: {
    id: TEXT,
    sha256: HASH,
    file: TEXT,
    ownUnits: OWN_UNITS,
    output: TEXT,
    features: TEXT,
    ...MODEL_MARKS,
  },
} as const;

/** The slice a cell was evaluated on. */
export const DATA = {
  type: 'object',
  additionalProperties: false,
  required: ['source', 'split', 'fingerprint', 'indices'],
  properties: { source: TEXT, split: TEXT, fingerprint: HASH, indices: COUNTS },
} as const;

export const PROVENANCE = {
  type: 'object',
  additionalProperties: false,
  required: ['tool', 'toolVersion', 'engine', 'pluginApi'],
  properties: {
    tool: TEXT,
    toolVersion: TEXT,
    engine: ENGINE,
    pluginApi: COUNT,
  },
} as const;

export const TIMING = {
  type: 'object',
  additionalProperties: false,
  required: ['startedAt', 'seconds', 'machine'],
  properties: { startedAt: TEXT, seconds: { type: 'number', minimum: 0 }, machine: { type: 'string' } },
  description: 'Everything that may differ between two identical runs',
} as const;
