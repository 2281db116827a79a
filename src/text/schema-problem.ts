import type { ErrorObject } from 'ajv';

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
      return { path, message: `the property "${String(parameters['tag'])}" is missing or has no such value` };
    default:
      return { path, message: error.message ?? 'is wrong' };
  }
}

function pointerParts(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}

const listed = (values: unknown): string =>
  Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : String(values);
