import { GauntletError } from '../../errors.js';
import type { ModelDefinition } from './definition.js';

type Fields = Readonly<Record<string, unknown>>;
/** What a value must be, in words; null when it is. */
type Rule = (value: unknown) => string | null;

const rule =
  (words: string, holds: (value: unknown) => boolean): Rule =>
  (value) =>
    holds(value) ? null : words;
const optional =
  (inner: Rule): Rule =>
  (value) =>
    value === undefined ? null : inner(value);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const whole = (minimum: number): Rule =>
  rule(
    `be a whole number from ${minimum}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= minimum,
  );
const callable = rule('be a function', (value) => typeof value === 'function');
const text = rule('be a text that is not empty', (value) => typeof value === 'string' && value !== '');
const oneOf = (values: readonly string[]): Rule =>
  rule(`be one of ${values.join(', ')}`, (value) => values.includes(value as string));
const positive = rule('be a positive number', (value) => isNumber(value) && value > 0);
const notNegative = rule('be a number from 0', (value) => isNumber(value) && value >= 0);

/** Names that can be part of a file's name on every system. */
const name = rule(
  'be a name of letters, digits, ".", "_" and "-" that starts with a letter or digit',
  (value) => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value),
);
const shape = rule(
  'list the dimensions of one example, each a whole number from 1',
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((dim) => Number.isSafeInteger(dim) && (dim as number) >= 1),
);
const bounds = rule(
  'be [lowest, highest]',
  (value) =>
    Array.isArray(value) && value.length === 2 && value.every(isNumber) && value[0]! < (value[1] as number),
);
const headers = rule(
  'map names of HTTP headers to texts of one line',
  (value) =>
    isFields(value) &&
    Object.values(value).every((each) => typeof each === 'string') &&
    isSendable(value as Record<string, string>),
);

function isSendable(headersOfUser: Record<string, string>): boolean {
  try {
    return new Headers(headersOfUser) instanceof Headers;
  } catch {
    return false;
  }
}

const LIMITS: Readonly<Record<string, Rule>> = {
  queryBudget: optional(whole(1)),
  rateLimit: optional(positive),
  batchSize: optional(whole(1)),
  concurrency: optional(whole(1)),
};
const INPUT: Readonly<Record<string, Rule>> = {
  'input.layout': optional(oneOf(['NCHW', 'NHWC', 'flat'])),
  'input.bounds': optional(bounds),
};
const SCORES = optional(oneOf(['logits', 'probabilities']));

/** The fields of each kind of definition, checked in this order. */
const RULES: Readonly<Record<ModelDefinition['kind'], Readonly<Record<string, Rule>>>> = {
  code: {
    id: name,
    version: optional(text),
    'input.shape': shape,
    ...INPUT,
    numClasses: whole(2),
    scores: SCORES,
    predict: callable,
    gradient: optional(callable),
    ...LIMITS,
  },
  http: {
    url: text,
    id: optional(name),
    'input.shape': optional(shape),
    ...INPUT,
    numClasses: optional(whole(2)),
    scores: SCORES,
    output: optional(text),
    headers: optional(headers),
    timeout: optional(positive),
    retries: optional(whole(0)),
    pause: optional(notNegative),
    ...LIMITS,
  },
};

/**
 * Checks that a value is a definition of a model.
 * @param origin where it came from, for the message
 * @throws GauntletError MODEL_INVALID naming the field and what it must be.
 */
export function checkDefinition(value: unknown, origin?: string): asserts value is ModelDefinition {
  const invalid = (problem: string): GauntletError =>
    new GauntletError('MODEL_INVALID', `${origin === undefined ? '' : `${origin}: `}${problem}`, {
      help: 'Correct the argument of defineModel; docs/guide/own-models.md describes it.',
    });
  if (!isFields(value)) throw invalid(`a model is an object; received ${described(value)}`);
  const kinds = Object.keys(RULES);
  if (!kinds.includes(value['kind'] as string))
    throw invalid(`\`kind\` must be one of ${kinds.join(', ')}; received ${described(value['kind'])}`);
  const rules = RULES[value['kind'] as ModelDefinition['kind']];
  const known = new Set(['kind', ...Object.keys(rules).map((path) => path.split('.')[0]!)]);
  const unknown = Object.keys(value).find((field) => !known.has(field));
  if (unknown !== undefined)
    throw invalid(`there is no field \`${unknown}\`; there are ${[...known].join(', ')}`);
  for (const [path, check] of Object.entries(rules)) {
    const received = path
      .split('.')
      .reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), value);
    const problem = check(received);
    // Values of headers are secrets.
    const shown = path === 'headers' ? '' : `; received ${described(received)}`;
    if (problem !== null) throw invalid(`\`${path}\` must ${problem}${shown}`);
  }
}

function described(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string' || Array.isArray(value)) return JSON.stringify(value).slice(0, 80);
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
