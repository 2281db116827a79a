import { BACKENDS, ENGINES } from '../engine/choice.js';
import type { Provider } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';

/** Checks a whole number on the command line. */
function wholeNumber(name: string, minimum: number): (value: number | undefined) => number | undefined {
  return (value) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= minimum)) return value;
    throw new GauntletError('USAGE', `--${name} must be a whole number, at least ${minimum}.`);
  };
}

/** An option that takes a whole number. */
export const count = (name: string, describe: string, minimum = 1) =>
  ({ type: 'number', describe, requiresArg: true, coerce: wholeNumber(name, minimum) }) as const;

/** The engine's, which is not loaded for `--help`. */
const PROVIDERS = ['cpu', 'cuda', 'webgpu'] as const satisfies readonly Provider[];

/** Where ONNX Runtime trains. */
export const providerOption = (describe: string) =>
  ({ choices: PROVIDERS, describe, requiresArg: true }) as const;

/** How many examples, and the seed of every random draw. */
export const sampleOptions = {
  examples: count('examples', 'Evaluate only this many examples'),
  seed: count('seed', 'Seed of every random draw', 0),
} as const;

const split = (values: readonly string[] | undefined): string[] | undefined =>
  values?.flatMap((value) => value.split(',')).filter((value) => value !== '');

const severity = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new GauntletError(
    'USAGE',
    `--severities takes whole numbers, separated by commas; received "${text}".`,
  );
};

/** Which of a suite's corruptions. */
export const corruptionOptions = {
  corruptions: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Of the corruptions only these: ids or globs, separated by commas',
    coerce: split,
  },
  severities: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Of the corruptions only these severities, separated by commas',
    coerce: (values: readonly string[] | undefined) => split(values)?.map(severity),
  },
  'frost-textures': {
    type: 'string',
    requiresArg: true,
    describe: 'Folder of photographs for `frost` (else GAUNTLET_FROST_TEXTURES, configuration)',
    group: 'Sources:',
  },
} as const;

function positive(name: string): (value: number | undefined) => number | undefined {
  return (value) => {
    if (value === undefined || (Number.isFinite(value) && value > 0)) return value;
    throw new GauntletError('USAGE', `--${name} must be a positive number.`);
  };
}

const OWN_GROUP = 'Models that are no files:';

/** What models behind HTTP or from code may be asked, and how. */
export const ownModelOptions = {
  'query-budget': {
    ...count('query-budget', 'Examples a model may be asked about in the run [default: no limit]'),
    group: OWN_GROUP,
  },
  'rate-limit': {
    type: 'number',
    requiresArg: true,
    describe: 'Requests per second at most [default: no limit]',
    coerce: positive('rate-limit'),
    group: OWN_GROUP,
  },
  'model-timeout': {
    type: 'number',
    requiresArg: true,
    describe: 'Seconds a request may take [default: 30]',
    coerce: positive('model-timeout'),
    group: OWN_GROUP,
  },
  retries: {
    ...count('retries', 'Further tries of a request that was not answered [default: 3]', 0),
    group: OWN_GROUP,
  },
  header: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'HTTP header as "Name: value", e.g. a token; never kept (repeatable)',
    group: OWN_GROUP,
  },
} as const;

/** How gradients are taken. */
export const gradientOptions = {
  'straight-through': {
    type: 'boolean',
    describe:
      'Let gradients pass operators whose derivative is zero almost everywhere, such as Round and Sign [default: as the card says]',
  },
} as const;

/** How the work is spread; results do not depend on it. */
export const executionOptions = {
  'batch-size': { ...count('batch-size', 'Examples per pass through the model'), group: 'Execution:' },
  jobs: { ...count('jobs', 'Worker threads (default: one per core)'), group: 'Execution:' },
  executor: {
    choices: ['pool', 'inline'],
    describe: 'Worker threads, or everything in this one',
    group: 'Execution:',
  },
} as const;

/** Which engine computes. */
export const engineOptions = {
  engine: {
    choices: ENGINES,
    describe: 'ONNX Runtime, or TensorFlow.js [default: native]',
    group: 'Execution:',
  },
  backend: {
    choices: BACKENDS,
    describe: 'Backend of TensorFlow.js [default: auto, the best that is installed]',
    group: 'Execution:',
  },
} as const;

/** Where data sets, plugins and the configuration come from. */
export const sourceOptions = {
  'data-dir': {
    type: 'string',
    describe: 'Folder that holds data sets by id (else GAUNTLET_DATA, configuration, packages)',
    requiresArg: true,
    group: 'Sources:',
  },
  plugin: {
    type: 'string',
    array: true,
    describe: 'Plugin module to load: a path or a package name (repeatable)',
    requiresArg: true,
    group: 'Sources:',
  },
  config: {
    type: 'string',
    describe: 'Configuration file (default: gauntlet.config.* here); --no-config reads none',
    group: 'Sources:',
  },
} as const;
