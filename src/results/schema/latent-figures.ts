import { CALIBRATION, COUNT, PROPORTION, SHARE } from './common.js';

/** Pieces of the schema of latent measures. */

export const NUMBER = { type: 'number' } as const;
const MAYBE = { type: ['number', 'null'] } as const;
const MAYBE_SHARE = { type: ['number', 'null'], minimum: 0, maximum: 1 } as const;
export const AMOUNT = { type: 'number', minimum: 0 } as const;

export const MEAN_SPREAD = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['mean', 'std'],
  properties: { mean: NUMBER, std: AMOUNT },
  description: 'Mean and standard deviation (of the population); null of no values',
} as const;

export const AUROC = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['value', 'interval'],
  properties: {
    value: SHARE,
    interval: {
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['lower', 'upper'],
      properties: { lower: SHARE, upper: SHARE },
      description:
        '95 % percentile interval of the bootstrap over images; null where wrong predictions are too few',
    },
  },
  description: 'Null without wrong or without right predictions',
} as const;

const COLLAPSE = {
  type: 'object',
  additionalProperties: false,
  required: [
    ...['definition', 'classes', 'empty', 'rank', 'withinClass'],
    ...['equinorm', 'equiangular', 'maxAngle', 'distanceSpread'],
  ],
  properties: {
    definition: {
      enum: ['papyan', 'paper'],
      description: 'papyan: classes by true label; paper: by predicted label (arXiv 2310.08224)',
    },
    classes: { ...COUNT, description: 'Classes C that have examples' },
    empty: { ...COUNT, description: 'Classes left out because they have none' },
    rank: { ...COUNT, description: 'Dimensions the class means span' },
    withinClass: { ...MAYBE, description: 'NC1: tr(S_w pinv(S_b)) / C' },
    equinorm: { ...MAYBE, description: 'std(|m_c|) / mean(|m_c|)' },
    equiangular: { ...MAYBE, description: 'std over pairs of cos(m_c, m_c2)' },
    maxAngle: { ...MAYBE, description: 'mean over pairs of |cos(m_c, m_c2) + 1 / (C - 1)|' },
    distanceSpread: { ...MAYBE, description: 'std / mean over pairs of the distance of class means' },
  },
} as const;

const BINARITY = {
  type: 'object',
  additionalProperties: false,
  required: ['score', 'deviation', 'separation', 'medianSeparation', 'flags', 'coordinates'],
  properties: {
    score: {
      ...MEAN_SPREAD,
      description: 'Mean log-likelihood of a mixture of two Gaussians, over coordinates',
    },
    deviation: {
      ...MEAN_SPREAD,
      description: "Mean of the components' standard deviations, over coordinates",
    },
    separation: { ...MEAN_SPREAD, description: 'Distance of the means over that, over coordinates' },
    medianSeparation: { ...MAYBE, description: 'Median of the separation over coordinates' },
    flags: {
      type: 'object',
      additionalProperties: false,
      required: ['constant', 'at-floor', 'empty-component', 'not-converged'],
      properties: { constant: COUNT, 'at-floor': COUNT, 'empty-component': COUNT, 'not-converged': COUNT },
      description: 'Coordinates with each flag; constant ones are not in the means',
    },
    coordinates: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['centre', 'scale', 'values', 'threshold', 'score', 'deviation', 'separation', 'flags'],
        properties: {
          centre: NUMBER,
          scale: AMOUNT,
          values: {
            type: 'array',
            items: NUMBER,
            minItems: 2,
            maxItems: 2,
            description: 'Means of the components, lower first',
          },
          threshold: { ...NUMBER, description: 'Half way between: above it, a coordinate is a 1' },
          score: MAYBE,
          deviation: MAYBE,
          separation: MAYBE,
          flags: {
            type: 'array',
            items: { enum: ['constant', 'at-floor', 'empty-component', 'not-converged'] },
          },
        },
      },
    },
  },
} as const;

export const FIGURES = {
  additionalProperties: false,
  required: ['accuracy', 'calibration', 'collapse', 'binarity', 'sameEncoding'],
  properties: {
    accuracy: PROPORTION,
    calibration: { ...CALIBRATION, description: 'Of the softmax probability of the predicted class' },
    collapse: COLLAPSE,
    binarity: BINARITY,
    sameEncoding: {
      type: 'object',
      additionalProperties: false,
      required: ['sign', 'mixture'],
      properties: { sign: MAYBE_SHARE, mixture: MAYBE_SHARE },
      description: 'Fraction of examples with the most common word of their predicted class',
    },
  },
} as const;
