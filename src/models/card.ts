import { readFile } from 'node:fs/promises';
import type { ErrorObject } from 'ajv';
import type { FromSchema } from 'json-schema-to-ts';
import { GauntletError, messageOf } from '../errors.js';
import { ownSchema } from '../text/own-schema.js';

/** One number for all channels, or one per channel. */
const perChannel = {
  oneOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' }, minItems: 1 }],
} as const;

/** JSON Schema of a model card: `MODEL.card.json` beside a model, `card.json` in a zoo folder. */
export const cardSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://gauntlet-bench.dev/schema/card.schema.json',
  title: 'Model card',
  description:
    'What a model file does not say about a classifier: units, preprocessing, classes, and the data it was made for.',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion'],
  properties: {
    schemaVersion: { const: 1 },
    id: { type: 'string', minLength: 1, description: 'Name shown in results.' },
    title: { type: 'string' },
    input: {
      type: 'object',
      additionalProperties: false,
      properties: {
        shape: {
          type: 'array',
          items: { type: 'integer', minimum: 1 },
          minItems: 1,
          description: 'Shape of one example without the batch axis, where the file leaves it open.',
        },
        layout: { enum: ['NCHW', 'NHWC', 'flat'] },
        bounds: {
          type: 'array',
          items: { type: 'number' },
          minItems: 2,
          maxItems: 2,
          description: 'Lowest and highest legal value of a raw input element; [0, 1] by default.',
        },
      },
    },
    preprocessing: {
      type: 'object',
      additionalProperties: false,
      description: 'Applied to raw inputs x as (x * scale - mean) / std before the model sees them.',
      properties: { scale: { type: 'number' }, mean: perChannel, std: perChannel },
    },
    output: { type: 'string', minLength: 1, description: 'Graph output that holds the logits.' },
    features: { type: 'string', minLength: 1, description: 'Value that holds the penultimate layer.' },
    numClasses: { type: 'integer', minimum: 2 },
    endpoint: {
      type: 'object',
      additionalProperties: false,
      description: 'Of a model behind HTTP alone.',
      properties: {
        scores: {
          enum: ['logits', 'probabilities'],
          description: 'What its server answers with; logits by default.',
        },
        batchSize: {
          type: 'integer',
          minimum: 1,
          description: 'Examples per request at most; 32 by default.',
        },
        concurrency: {
          type: 'integer',
          minimum: 1,
          description: 'Requests under way at the same time at most; 4 by default.',
        },
      },
    },
    gradient: {
      enum: ['straight-through'],
      description:
        'Lets gradients pass operators whose derivative is zero almost everywhere, such as Round and Sign.',
    },
    data: {
      type: 'object',
      additionalProperties: false,
      required: ['source'],
      properties: {
        source: { type: 'string' },
        split: { enum: ['train', 'test'] },
        resize: {
          type: 'object',
          additionalProperties: false,
          required: ['size', 'filter'],
          description: 'How pictures that have sizes of their own become inputs of the model.',
          properties: {
            size: {
              oneOf: [
                { type: 'integer', minimum: 1 },
                { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 2, maxItems: 2 },
              ],
              description: 'Height and width, or the length of the shorter side.',
            },
            filter: { enum: ['bilinear', 'bicubic'], description: 'As Pillow has them, with antialiasing.' },
            crop: {
              type: 'integer',
              minimum: 1,
              description: 'Side of the square that is then cut from the middle.',
            },
          },
        },
      },
    },
    training: { type: 'object', description: 'How the model was made; free.' },
    licence: { type: 'string' },
    source: { type: 'string' },
  },
} as const;

/** A model card as the file holds it. */
export type ModelCard = FromSchema<typeof cardSchema>;

/**
 * The part of a card that changes what the model computes; it goes into the model's hash. How gradients are taken is no part of
 * it: an adversarial example stays one.
 */
export function meaningOf(
  card: ModelCard,
): Pick<ModelCard, 'input' | 'preprocessing' | 'output' | 'features'> {
  const { input, preprocessing, output, features } = card;
  return {
    ...(input && { input }),
    ...(preprocessing && { preprocessing }),
    ...(output !== undefined && { output }),
    ...(features !== undefined && { features }),
  };
}

/** The card of a model that takes examples in the units of its file: no preprocessing, and these bounds. */
export function inOwnUnits(
  card: ModelCard | undefined,
  bounds: readonly [number, number] | undefined,
): ModelCard {
  const { input, ...rest } = card ?? { schemaVersion: 1 as const };
  const own = { ...rest, input: { ...input, ...(bounds && { bounds: [...bounds] }) } };
  delete own.preprocessing;
  if (bounds === undefined) delete own.input.bounds;
  return own;
}

/** The card with other graph outputs for logits and features; as it is without any. */
export function withOutputs(
  card: ModelCard | undefined,
  { output, features }: Pick<ModelCard, 'output' | 'features'>,
): ModelCard | undefined {
  if (output === undefined && features === undefined) return card;
  return {
    ...(card ?? { schemaVersion: 1 as const }),
    ...(output !== undefined && { output }),
    ...(features !== undefined && { features }),
  };
}

const check = ownSchema<ModelCard>(cardSchema);

/**
 * Checks a parsed card.
 * @param source where it came from, for the message.
 * @throws GauntletError CARD_INVALID naming the field.
 */
export function checkCard(value: unknown, source: string): ModelCard {
  const checked = check(value);
  if (!checked.valid) throw new GauntletError('CARD_INVALID', `${source}: ${describe(checked.errors[0]!)}`);
  const card = checked.value;
  const bounds = card.input?.bounds;
  if (bounds !== undefined && !(bounds[0]! < bounds[1]!)) {
    throw new GauntletError(
      'CARD_INVALID',
      `${source}: input.bounds must ascend, received [${bounds.join(', ')}]`,
    );
  }
  const std = card.preprocessing?.std;
  if (std !== undefined && [std].flat().some((deviation) => deviation <= 0)) {
    throw new GauntletError(
      'CARD_INVALID',
      `${source}: preprocessing.std must be positive, received ${JSON.stringify(std)}`,
    );
  }
  return card;
}

/** @throws GauntletError CARD_INVALID when the file cannot be read, is not JSON, or does not match the schema. */
export async function readCard(path: string): Promise<ModelCard> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new GauntletError('CARD_INVALID', `${path}: ${messageOf(error)}`, { cause: error });
  }
  return checkCard(value, path);
}

function describe(error: ErrorObject): string {
  const at = error.instancePath.slice(1).replaceAll('/', '.');
  const extra = error.params as {
    additionalProperty?: string;
    allowedValues?: unknown[];
    allowedValue?: unknown;
  };
  if (extra.additionalProperty !== undefined) {
    return `unknown field "${at === '' ? '' : `${at}.`}${extra.additionalProperty}"`;
  }
  const allowed = extra.allowedValues ?? (extra.allowedValue === undefined ? [] : [extra.allowedValue]);
  const choice = allowed.length === 0 ? '' : ` (${allowed.map((one) => JSON.stringify(one)).join(', ')})`;
  return `${at === '' ? 'the card' : `field "${at}"`} ${error.message ?? 'is wrong'}${choice}`;
}
