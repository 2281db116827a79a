import * as common from './common.js';

const { HASH, SHARE, TEXT } = common;

/** Interval of a share. */
export const INTERVAL = {
  type: 'object',
  additionalProperties: false,
  required: ['lower', 'upper', 'level', 'method'],
  properties: {
    lower: SHARE,
    upper: SHARE,
    level: { const: 0.95 },
    method: {
      enum: ['wilson', 'wilson-clustered', 'bootstrap'],
      description:
        'wilson-clustered: Wilson on the effective number of images, when images repeat over severities; bootstrap: percentile, over images',
    },
  },
} as const;

const FIGURE = {
  type: 'object',
  required: ['value'],
  oneOf: [
    {
      additionalProperties: false,
      required: ['value', 'interval'],
      properties: {
        value: { type: 'number' },
        interval: {
          description: 'Null where some resample has no value, or none has an error',
          anyOf: [
            { type: 'null' },
            {
              type: 'object',
              additionalProperties: false,
              required: ['lower', 'upper', 'level', 'method'],
              properties: {
                lower: { type: 'number' },
                upper: { type: 'number' },
                level: { const: 0.95 },
                method: { const: 'bootstrap', description: 'Percentile bootstrap over images' },
              },
            },
          ],
        },
      },
    },
    {
      additionalProperties: false,
      required: ['value', 'reason'],
      properties: { value: { type: 'null' }, reason: TEXT },
    },
  ],
} as const;

/** How sure a model is, and how far that is from how often it is right; means where there are several cells. */
export const CONFIDENCE = {
  confidence: { ...SHARE, description: 'Mean softmax probability of the predicted class' },
  calibrationError: { ...SHARE, description: 'Expected calibration error, 15 bins' },
} as const;

/** What a row's corruption columns come to together. Figures against a baseline are there only when one was named. */
export const CORRUPTION_SUMMARY = {
  type: 'object',
  additionalProperties: false,
  description: 'Metrics over all corruption columns; absent unless all of them completed',
  required: ['meanError', 'corruptions'],
  properties: {
    meanError: {
      type: 'object',
      additionalProperties: false,
      description: 'Mean unnormalised error over all cells, corruption x severity',
      required: ['value', 'interval'],
      properties: { value: SHARE, interval: INTERVAL },
    },
    mce: { ...FIGURE, description: 'Mean corruption error against the baseline, which is 1' },
    relativeMce: {
      ...FIGURE,
      description: 'Relative mean corruption error against the baseline, which is 1',
    },
    ...CONFIDENCE,
    corruptions: {
      type: 'object',
      description: 'By column id',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['unnormalisedError'],
        properties: {
          unnormalisedError: { ...SHARE, description: 'Mean error over the severities' },
          ce: { ...FIGURE, description: 'Corruption error against the baseline, a ratio of sums' },
          relativeCe: { ...FIGURE, description: 'Relative corruption error against the baseline' },
          ...CONFIDENCE,
        },
      },
    },
  },
} as const;

/** What corruption errors are divided by. */
export const BASELINE = {
  type: 'object',
  additionalProperties: false,
  description: 'What corruption errors are divided by; absent when no baseline was named',
  required: ['id', 'kind', 'sha256', 'clean', 'errors'],
  properties: {
    id: TEXT,
    kind: { enum: ['model', 'published'], description: 'A model of the runs, or errors from the literature' },
    sha256: { ...HASH, description: 'Of the model, or of the published errors' },
    source: { ...TEXT, description: 'Where published errors are from' },
    clean: { anyOf: [{ type: 'null' }, SHARE], description: 'Error without corruption' },
    errors: {
      type: 'object',
      additionalProperties: SHARE,
      description: 'Mean error over the severities by column id, of columns the baseline has errors for',
    },
  },
} as const;
