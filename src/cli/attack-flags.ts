import type { Options } from 'yargs';
import type { ParameterSchema } from '../plugin/attack.js';
import { isEndpoint } from '../models/http/address.js';
import { builtinPlugins } from '../plugin/builtin.generated.js';
import type { Norm, ThreatKind } from '../plugin/threat.js';

/** What is read of a parameter's schema here. */
interface Property {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** The attack within a budget when none is named; on a VNN-LIB instance, too. */
export const DEFAULT_ATTACK = 'cascade';

const propertiesOf = (schema: ParameterSchema) =>
  (schema as unknown as { properties?: Readonly<Record<string, Property>> }).properties ?? {};

/** `stepSize` -> `step-size`. */
export const flagName = (parameter: string): string =>
  parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The parameters of a built-in attack, from the generated index: nothing is imported for it. */
export function builtinAttackParameters(id: string): ParameterSchema | undefined {
  return nameable().find(({ metadata }) => metadata.id === id)?.parameters;
}

/** Ids of the built-in attacks. */
export const builtinAttackIds = (): string[] =>
  nameable()
    .map(({ metadata }) => metadata.id)
    .sort();

/** What `--attack` may name: an attack, or a composite of several. */
const nameable = () =>
  builtinPlugins.flatMap(({ listing }) =>
    listing.kind === 'attack' || listing.kind === 'composite' ? [listing] : [],
  );

/** What decides which attack is run. */
export interface AttackChoice {
  readonly attack?: string | undefined;
  readonly threat?: ThreatKind | undefined;
  readonly norm?: Norm | undefined;
  readonly surrogate?: string | undefined;
  readonly model?: string | undefined;
}

/** The attack that is run when none is named: the strongest for each threat model. */
const DEFAULTS: Readonly<Record<ThreatKind, string>> = {
  lp: DEFAULT_ATTACK,
  box: DEFAULT_ATTACK,
  minimum: 'fmn',
  transform: 'spatial',
  patch: 'patch',
};

/** The same for a model behind HTTP, which gives no gradients; there are none for the other threat models. */
const GRADIENT_FREE: Readonly<Partial<Record<ThreatKind, string>>> = {
  lp: 'square',
  box: 'square',
  minimum: 'hopskipjump',
};

/** The attack to run: the one named, or the default for the task. */
export function attackOf({ attack, threat = 'lp', norm, surrogate, model = '' }: AttackChoice): string {
  if (attack !== undefined) return attack;
  if (surrogate !== undefined) return 'mifgsm';
  if (isEndpoint(model)) return GRADIENT_FREE[threat] ?? DEFAULTS[threat];
  return norm === 'l0' ? 'fmn' : DEFAULTS[threat];
}

/**
 * A flag for each parameter of an attack. Values stay text, to be read by the schema; only booleans are flags proper, so that
 * `--no-random-start` works. Parameters whose flag is taken by the command itself can still be given with `--set`.
 */
export function attackFlags(
  id: string,
  schema: ParameterSchema,
  taken: ReadonlySet<string>,
): Record<string, Options> {
  const flags = Object.entries(propertiesOf(schema)).map(([name, property]): [string, Options] => [
    flagName(name),
    {
      group: `Parameters of ${id}:`,
      describe: [property.description ?? '', range(property)].filter((part) => part !== '').join('; '),
      defaultDescription: JSON.stringify(property.default),
      ...(property.type === 'boolean' ? { type: 'boolean' } : { type: 'string', requiresArg: true }),
    },
  ]);
  return Object.fromEntries(flags.filter(([flag]) => !taken.has(flag)));
}

/** The parameters given as flags, by parameter name; values are text, or booleans. */
export function givenFlags(
  schema: ParameterSchema,
  args: Readonly<Record<string, unknown>>,
  taken: ReadonlySet<string>,
) {
  const names = Object.keys(propertiesOf(schema)).filter((name) => !taken.has(flagName(name)));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = args[flagName(name)];
      return value === undefined ? [] : [[name, value as string | boolean]];
    }),
  );
}

function range({ enum: values, minimum, exclusiveMinimum, maximum }: Property): string {
  if (values !== undefined) return values.join(' or ');
  const lower = exclusiveMinimum === undefined ? minimum : exclusiveMinimum;
  const least = lower === undefined ? '' : `${exclusiveMinimum === undefined ? 'from' : 'above'} ${lower}`;
  return `${least}${maximum === undefined ? '' : ` to ${maximum}`}`.trim();
}

/** The value of an option as typed, before the command line is parsed: its last one. */
export function peekOption(args: readonly string[], option: string): string | undefined {
  return peekOptions(args, option).at(-1);
}

/** Every value of a repeatable option as typed. */
export function peekOptions(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, i) => {
    if (arg === `--${option}`) return args[i + 1] === undefined ? [] : [args[i + 1]!];
    return arg.startsWith(`--${option}=`) ? [arg.slice(option.length + 3)] : [];
  });
}
