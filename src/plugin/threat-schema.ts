import { NORMS } from './threat.js';

const RANGE = { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } as const;

/**
 * JSON Schema of a threat as plain JSON (ThreatSpec).
 * @param epsilon schema of a budget: a suite file may write arithmetic, a result holds the number.
 * @param box properties that name the file of a box, all of them required.
 */
export const threatSchema = <const Budget extends object, const Box extends object>(
  epsilon: Budget,
  box: { readonly properties: Box; readonly required: readonly (keyof Box & string)[] },
) =>
  ({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [
      {
        additionalProperties: false,
        required: ['kind', 'norm', 'epsilon'],
        properties: { kind: { const: 'lp' }, norm: { enum: NORMS }, epsilon },
      },
      {
        additionalProperties: false,
        required: ['kind', 'norm'],
        properties: { kind: { const: 'minimum' }, norm: { enum: NORMS } },
      },
      {
        additionalProperties: false,
        required: ['kind', ...box.required],
        properties: { kind: { const: 'box' }, ...box.properties },
      },
      {
        additionalProperties: false,
        required: ['kind', 'ranges'],
        properties: {
          kind: { const: 'transform' },
          ranges: {
            type: 'object',
            additionalProperties: false,
            required: ['rotation', 'translateX', 'translateY'],
            properties: { rotation: RANGE, translateX: RANGE, translateY: RANGE },
          },
        },
      },
      {
        additionalProperties: false,
        required: ['kind', 'area'],
        properties: { kind: { const: 'patch' }, area: { type: 'number', exclusiveMinimum: 0, maximum: 1 } },
      },
    ],
  }) as const;
