import { GauntletError } from '../errors.js';
import type { ArchitecturePlugin } from '../models/architectures/define.js';
import { PLUGIN_API_VERSION, type AttackPlugin } from './attack.js';
import { backboneProblem } from './backbone-parameters.js';
import type { CompositePlugin } from './composite.js';
import { CORRUPTION_NEEDS, PROFILES, type CorruptionPlugin } from './corruption.js';
import { describeValue } from './describe.js';
import type { LossPlugin } from './loss.js';
import { schemaProblem } from './parameters.js';
import { NORMS } from './threat.js';

export const PLUGIN_KINDS = ['attack', 'composite', 'corruption', 'loss', 'architecture'] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];

/** Any plugin. */
export type Plugin = AttackPlugin | CompositePlugin | CorruptionPlugin | LossPlugin | ArchitecturePlugin;

/** What is wrong with a value, as the end of "`field` must ..."; null when it is right. */
type Rule = (value: unknown, plugin: Fields) => string | null;
type Fields = Readonly<Record<string, unknown>>;

const MOST_SEVERITIES = 5;
const THREAT_KINDS = ['lp', 'box', 'minimum', 'transform', 'patch'];
/** Threats that come in several norms. */
const NORMED = ['lp', 'minimum'];

const metadata = (field: string, rule: Rule): [string, Rule] => [`metadata.${field}`, rule];
const text: Rule = (value) =>
  typeof value === 'string' && value.trim() !== '' ? null : 'be a non-empty string';
const flag: Rule = (value) => (typeof value === 'boolean' ? null : 'be true or false');
const flagOrOptional: Rule = (value) =>
  typeof value === 'boolean' || value === 'optional' ? null : 'be true, false or "optional"';
const callable: Rule = (value) => (typeof value === 'function' ? null : 'be a function');
const optional =
  (rule: Rule): Rule =>
  (value, plugin) =>
    value === undefined ? null : rule(value, plugin);
const oneOf =
  (allowed: readonly string[]): Rule =>
  (value) =>
    allowed.includes(value as string) ? null : `be one of ${allowed.join(', ')}`;
const someOf =
  (allowed: readonly string[]): Rule =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((item) => allowed.includes(item as string))
      ? null
      : `list one or more of ${allowed.join(', ')}`;
const matching =
  (pattern: RegExp, description: string): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? null : `be ${description}`;

const kebabCase = matching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'in kebab case, such as my-attack');
const snakeCase = matching(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'in snake case, such as my_corruption');
const semver = matching(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0');

const norms: Rule = (value, plugin) => {
  const threats = (plugin.metadata as { threats: string[] }).threats;
  const needed = threats.some((kind) => NORMED.includes(kind));
  return !needed && Array.isArray(value) && value.length === 0 ? null : someOf(NORMS)(value, plugin);
};

const severities: Rule = (value, plugin) => {
  if (!isFields(value) || Array.isArray(value)) return severityList(value, plugin);
  const profiles = Object.entries(value);
  if (profiles.length === 0) return 'have a profile';
  for (const [profile, list] of profiles) {
    const known: readonly string[] = PROFILES;
    if (!known.includes(profile)) return `have no profiles but ${PROFILES.join(', ')}`;
    const problem = severityList(list, plugin);
    if (problem !== null) return `in ${profile} ${problem}`;
  }
  return null;
};

const severityList: Rule = (value, plugin) => {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_SEVERITIES)
    return `list 1 to ${MOST_SEVERITIES} severities`;
  for (const severity of value as unknown[]) {
    const problem = schemaProblem(plugin.parameters, severity);
    if (problem !== null) return `match the parameters' schema: ${problem}`;
  }
  return null;
};

const parameters: Rule = (value) => schemaProblem(value);

const variant: Rule = (value, plugin) =>
  Object.hasOwn((plugin.parameters as { properties?: object }).properties ?? {}, value as string)
    ? null
    : 'name a parameter';

/** A rule for the plugins of one part only. */
const of =
  (part: ArchitecturePlugin['part'], rule: Rule): Rule =>
  (value, plugin) =>
    plugin.part === part ? rule(value, plugin) : null;

const backboneParameters: Rule = (value, plugin) =>
  backboneProblem(value, plugin.metadata as ArchitecturePlugin['metadata']);

const unitsOrNull: Rule = (value) =>
  value === null || (Number.isSafeInteger(value) && (value as number) > 0)
    ? null
    : 'be a whole number of units, or null where there is no penultimate layer';

const probability: Rule = (value) =>
  typeof value === 'number' && value > 0 && value < 1 ? null : 'be a probability, between 0 and 1';

const COMMON: [string, Rule][] = [metadata('title', text), metadata('summary', text)];
const REACH: [string, Rule][] = [
  metadata('threats', someOf(THREAT_KINDS)),
  metadata('norms', norms),
  metadata('goals', someOf(['untargeted', 'targeted'])),
];

/** The fields of each kind of plugin, checked in this order. */
const RULES: Readonly<Record<PluginKind, readonly (readonly [string, Rule])[]>> = {
  attack: [
    metadata('id', kebabCase),
    ...COMMON,
    metadata('paper', text),
    metadata('version', semver),
    ...REACH,
    metadata('access', oneOf(['gradient', 'scores', 'decision'])),
    metadata('stochastic', flag),
    metadata('surrogate', optional(flagOrOptional)),
    metadata('runs', optional(callable)),
    metadata('cost', callable),
    metadata('linear', oneOf(['exact', 'bound', 'none'])),
    ['parameters', parameters],
    ['fit', optional(callable)],
    ['run', callable],
  ],
  composite: [
    metadata('id', kebabCase),
    ...COMMON,
    metadata('paper', text),
    metadata('version', semver),
    ...REACH,
    ['parameters', parameters],
    metadata('variant', optional(variant)),
    ['stages', callable],
  ],
  corruption: [
    metadata('id', snakeCase),
    ...COMMON,
    metadata('paper', text),
    metadata('version', semver),
    metadata('stochastic', flag),
    metadata('needs', optional(oneOf(CORRUPTION_NEEDS))),
    ['parameters', parameters],
    ['severities', severities],
    ['sample', callable],
    ['apply', callable],
  ],
  loss: [metadata('id', kebabCase), ...COMMON, metadata('needsTargets', flag), ['build', callable]],
  architecture: [
    ['part', oneOf(['backbone', 'head'])],
    metadata('id', kebabCase),
    ...COMMON,
    metadata('paper', optional(text)),
    metadata('version', semver),
    ['parameters', of('backbone', backboneParameters)],
    ['compressed', of('head', flag)],
    ['defaultUnits', of('head', unitsOrNull)],
    ['dropout', of('head', optional(probability))],
    ['build', callable],
  ],
};

/**
 * Checks that a value is a plugin this version can run.
 *
 * @param origin where it came from, for the message: a path, or nothing for `define*`.
 * @throws GauntletError PLUGIN_INVALID naming the field, PLUGIN_API naming both versions.
 */
export function checkPlugin(value: unknown, origin?: string): asserts value is Plugin {
  const where = origin === undefined ? '' : `${origin}: `;
  const invalid = (problem: string): GauntletError =>
    new GauntletError('PLUGIN_INVALID', `${where}${problem}`);

  if (!isFields(value)) throw invalid(`a plugin is an object; received ${describeValue(value)}`);
  if (!PLUGIN_KINDS.includes(value.kind as PluginKind)) {
    throw invalid(
      `\`kind\` must be one of ${PLUGIN_KINDS.join(', ')}; received ${describeValue(value.kind)}`,
    );
  }
  if (!isFields(value.metadata))
    throw invalid(`\`metadata\` must be an object; received ${describeValue(value.metadata)}`);
  checkApiVersion(value.metadata, where);
  for (const [field, rule] of RULES[value.kind as PluginKind]) {
    const received = valueAt(value, field);
    const problem = rule(received, value);
    if (problem !== null) throw invalid(`\`${field}\` must ${problem}; received ${describeValue(received)}`);
  }
}

function checkApiVersion(fields: Fields, where: string): void {
  if (fields.apiVersion === PLUGIN_API_VERSION) return;
  if (typeof fields.apiVersion === 'number') {
    throw new GauntletError(
      'PLUGIN_API',
      `${where}${describeValue(fields.id)} was written for plugin API ${fields.apiVersion}, this is plugin API ${PLUGIN_API_VERSION}`,
    );
  }
  throw new GauntletError(
    'PLUGIN_INVALID',
    `${where}\`metadata.apiVersion\` must be ${PLUGIN_API_VERSION}; received ${describeValue(fields.apiVersion)}`,
  );
}

function valueAt(plugin: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Fields)[key], plugin);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
