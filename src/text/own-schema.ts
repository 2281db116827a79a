import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';

/** A value of the schema's type, or what is wrong with it (at least one error). */
export type Checked<T> =
  | { readonly valid: true; readonly value: T }
  | { readonly valid: false; readonly errors: readonly ErrorObject[] };

/** A check runs a few times in a process, so what costs least to compile is best. */
const QUICK_TO_COMPILE = {
  meta: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
} satisfies Options;

/**
 * A check of values against one of the tool's own schemas. Starting the tool must not wait for schemas it will not use: the
 * check is compiled at its first use, and the schema, which the tests hold against JSON Schema's own, is taken as valid.
 * @param schema JSON Schema 2020-12 of a `T`.
 */
export function ownSchema<T>(schema: object, options: Options = {}): (value: unknown) => Checked<T> {
  let validate: ValidateFunction<T> | undefined;
  return (value) => {
    validate ??= new Ajv2020({ ...QUICK_TO_COMPILE, ...options }).compile<T>(schema);
    return validate(value) ? { valid: true, value } : { valid: false, errors: [...(validate.errors ?? [])] };
  };
}
