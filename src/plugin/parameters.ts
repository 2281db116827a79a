import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { didYouMean } from '../text/suggest.js';
import { GauntletError, messageOf } from '../errors.js';
import { describeValue } from './describe.js';
import type { ParameterSchema, ParametersOf } from './attack.js';

/** What is read of one property of a parameter schema. */
export interface ParameterProperty {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default: unknown;
  readonly description: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** The properties of a parameter schema, in the order of the file. */
export function parameterProperties(schema: unknown): Readonly<Record<string, ParameterProperty>> {
  return (schema as { properties?: Record<string, ParameterProperty> }).properties ?? {};
}

/** The default of every parameter. */
export function defaultParameters<S extends ParameterSchema>(schema: S): ParametersOf<S> {
  const defaults = Object.entries(parameterProperties(schema)).map(([name, property]) => [
    name,
    structuredClone(property.default),
  ]);
  return Object.fromEntries(defaults) as ParametersOf<S>;
}

/**
 * The given parameters with the defaults of the others. Nothing is coerced: "3" is no number.
 *
 * @param pluginId named in messages.
 * @throws GauntletError PARAMETER_INVALID naming the parameter, what was received and what is allowed.
 */
export function resolveParameters<S extends ParameterSchema>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
  pluginId: string,
): ParametersOf<S> {
  const properties = parameterProperties(schema);
  for (const name of Object.keys(given)) requireParameter(properties, name, pluginId);
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parameters = { ...(defaultParameters(schema) as object), ...set };
  const validate = validator(schema);
  if (!validate(parameters)) throw invalidParameter(validate.errors?.[0], parameters, properties, pluginId);
  return parameters as ParametersOf<S>;
}

/**
 * The schema's entry for a parameter.
 * @throws GauntletError PARAMETER_INVALID with the nearest name when there is none.
 */
export function requireParameter(
  properties: Readonly<Record<string, ParameterProperty>>,
  name: string,
  pluginId: string,
): ParameterProperty {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (property !== undefined) return property;
  const known = Object.keys(properties);
  const choice = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  throw new GauntletError(
    'PARAMETER_INVALID',
    `${pluginId} has no parameter "${name}"${didYouMean(name, known)} (${choice})`,
  );
}

/** What values a property takes, e.g. `an integer, at least 1`. */
export function allowedValues(property: ParameterProperty): string {
  if (property.enum !== undefined)
    return `one of ${property.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  const types = [property.type ?? 'value'].flat();
  const parts = [
    types.map((type) => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`)).join(' or '),
    property.minimum === undefined ? '' : `at least ${property.minimum}`,
    property.exclusiveMinimum === undefined ? '' : `greater than ${property.exclusiveMinimum}`,
    property.maximum === undefined ? '' : `at most ${property.maximum}`,
    property.exclusiveMaximum === undefined ? '' : `less than ${property.exclusiveMaximum}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/**
 * What is wrong with a parameter schema, as the end of "`parameters` must ..."; null when it is complete: an object schema,
 * every property described and with a default, and the defaults (or `values`, when given) valid.
 */
export function schemaProblem(schema: unknown, values?: unknown): string | null {
  if (typeof schema !== 'object' || schema === null || (schema as { type?: unknown }).type !== 'object') {
    return 'be a JSON Schema of type object';
  }
  for (const [name, property] of Object.entries(parameterProperties(schema))) {
    if (typeof property.description !== 'string' || property.description === '')
      return `describe \`${name}\``;
    if (property.default === undefined) return `give \`${name}\` a default`;
  }
  try {
    const validate = validator(schema);
    const checked = values ?? defaultParameters(schema as ParameterSchema);
    if (validate(checked)) return null;
    const { instancePath = '', message = '' } = validate.errors?.[0] ?? {};
    return `${values === undefined ? 'have valid defaults: ' : ''}${instancePath.slice(1)} ${message}`.trimStart();
  } catch (error) {
    return `be a valid JSON Schema: ${messageOf(error)}`;
  }
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const compiled = new WeakMap<object, ValidateFunction>();

function validator(schema: unknown): ValidateFunction {
  const known = compiled.get(schema as object);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema as object);
  compiled.set(schema as object, validate);
  return validate;
}

function invalidParameter(
  error: ErrorObject | undefined,
  parameters: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, ParameterProperty>>,
  pluginId: string,
): GauntletError {
  const name = error?.instancePath.split('/')[1] ?? '';
  const property = properties[name];
  if (property === undefined) {
    return new GauntletError(
      'PARAMETER_INVALID',
      `the parameters of ${pluginId} ${error?.message ?? 'are invalid'}`,
    );
  }
  return new GauntletError(
    'PARAMETER_INVALID',
    `parameter "${name}" of ${pluginId} must be ${allowedValues(property)}; received ${describeValue(parameters[name])}`,
  );
}
