import { GauntletError } from '../errors.js';
import { parseBudget } from '../suite/budget.js';
import type { ParameterSchema } from './attack.js';
import {
  allowedValues,
  parameterProperties,
  requireParameter,
  type ParameterProperty,
} from './parameters.js';

/** Reads text as a value of one JSON type; undefined when it is none. */
type Reader = (text: string) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  integer: readNumber,
  number: readNumber,
  boolean: (text) => ({ true: true, false: false })[text],
  string: (text) => text,
  null: (text) => (text === 'null' ? null : undefined),
  array: readJson,
  object: readJson,
};

/**
 * The value of a parameter given as text (`--set key=value`, or the parameter's own flag), by the schema's type: numbers
 * may be arithmetic such as `8/255`, lists and objects are JSON. Ranges are checked by resolveParameters.
 *
 * @param pluginId named in messages.
 * @throws GauntletError PARAMETER_INVALID for an unknown parameter (with the nearest name) or text of another type.
 */
export async function coerceParameter(
  schema: ParameterSchema,
  name: string,
  text: string,
  pluginId: string,
): Promise<unknown> {
  const property = requireParameter(parameterProperties(schema), name, pluginId);
  for (const type of typesOf(property)) {
    const value: unknown = await READERS[type]?.(text);
    if (value !== undefined) return value;
  }
  throw new GauntletError(
    'PARAMETER_INVALID',
    `parameter "${name}" of ${pluginId} must be ${allowedValues(property)}; received "${text}"`,
  );
}

/** The types to try, in order; a property with only an enum has those of its values. Any text is a string, so that is last. */
function typesOf(property: ParameterProperty): string[] {
  const named = [property.type ?? (property.enum ?? [property.default]).map((value) => typeof value)].flat();
  return named.toSorted((a, b) => Number(a === 'string') - Number(b === 'string'));
}

async function readNumber(text: string): Promise<number | undefined> {
  const plain = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(plain)) return plain;
  return parseBudget(text).catch(() => undefined);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
