import type { ErrorObject } from 'ajv';
import { didYouMean } from './suggest.js';

/** A place where a value breaks its schema. */
export interface SchemaProblem {
  /** Property names and array positions from the root. */
  readonly path: readonly (string | number)[];
  /** Sentence without a full stop, saying what is expected there. */
  readonly message: string;
}

/** `entries[2].threat.epsilon`; `(root)` for the whole value. */
export function pathText(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text === '' ? '(root)' : text.replace(/^\./, '');
}

/**
 * The most telling thing wrong: a property that should not be there, as it explains the missing one it was meant for, else the
 * deepest place, as it explains why no alternative fits further up.
 */
export function firstProblem(errors: readonly ErrorObject[]): SchemaProblem {
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const deepest = errors.toSorted((a, b) => depth(b) - depth(a));
  const error = deepest.find(({ keyword }) => keyword === 'additionalProperties') ?? deepest[0];
  return error === undefined ? { path: [], message: 'is wrong' } : describeProblem(error);
}

/** Says in words what ajv found wrong; unknown and missing properties are named. */
function describeProblem(error: ErrorObject): SchemaProblem {
  const path = pointerParts(error.instancePath);
  const parameters = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const property = String(parameters['additionalProperty']);
      return { path: [...path, property], message: `there is no property "${property}" here` };
    }
    case 'required':
      return { path, message: `the property "${String(parameters['missingProperty'])}" is missing` };
    case 'enum':
      return { path, message: `must be one of ${listed(parameters['allowedValues'])}` };
    case 'const':
      return { path, message: `must be ${JSON.stringify(parameters['allowedValue'])}` };
    case 'discriminator':
      return discriminatorProblem(error, path);
    default:
      return { path, message: error.message ?? 'is wrong' };
  }
}

/** With ajv's `verbose` the error carries the schema, and with it the values there are. */
function discriminatorProblem(
  { params, parentSchema }: ErrorObject,
  path: SchemaProblem['path'],
): SchemaProblem {
  const { tag, tagValue } = params as { readonly tag: string; readonly tagValue?: unknown };
  const variants = (parentSchema?.['oneOf'] ?? []) as readonly Variant[];
  const known = variants.flatMap(({ properties }) => properties[tag]?.enum ?? [properties[tag]?.const]);
  if (known.length === 0) return { path, message: `the property "${tag}" is missing or has no such value` };
  if (tagValue === undefined) return { path, message: `the property "${tag}" is missing` };
  const suggestion = typeof tagValue === 'string' ? didYouMean(tagValue, known.map(String)) : '';
  return { path: [...path, tag], message: `must be one of ${listed(known)}${suggestion}` };
}

/** One of the schemas a discriminator chooses between. */
interface Variant {
  readonly properties: Readonly<
    Record<string, { readonly const?: unknown; readonly enum?: readonly unknown[] }>
  >;
}

function pointerParts(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}

const listed = (values: unknown): string =>
  Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : String(values);
