import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AttackModelRequest } from '../api/attack-model.js';
import { CUSTOMARY_EPSILON } from '../api/budgets.js';
import { GauntletError, messageOf } from '../errors.js';
import { sha256 } from '../fingerprint.js';
import { coerceParameter } from '../plugin/coerce.js';
import type { ParameterSchema } from '../plugin/attack.js';
import type { GoalSpec, Norm, ThreatSpec } from '../plugin/threat.js';
import { parseBudget } from '../suite/budget.js';
import { attackOf, givenFlags } from './attack-flags.js';
import { patchThreat, refusePatchFlags } from './patch-flags.js';
import { refuseTransformFlags, transformThreat } from './transform-flags.js';
import { vnnlibAnswers } from './vnnlib-flag.js';

/** Arguments of `gauntlet attack` as yargs gives them. */
export interface AttackArguments {
  readonly model: string;
  readonly card?: string | undefined;
  readonly output?: string | undefined;
  readonly features?: string | undefined;
  readonly data?: string | undefined;
  readonly split: 'train' | 'test';
  readonly attack?: string | undefined;
  readonly threat?: 'lp' | 'minimum' | 'box' | 'transform' | 'patch' | undefined;
  readonly norm?: Norm | undefined;
  readonly epsilon?: string | undefined;
  readonly box?: string | undefined;
  /** In degrees and pixels, either way. */
  readonly rotation?: string | undefined;
  readonly translation?: string | undefined;
  /** Fraction of the image. */
  readonly 'patch-area'?: string | undefined;
  readonly vnnlib?: string | undefined;
  readonly goal?: 'untargeted' | 'targeted' | undefined;
  readonly target?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly surrogate?: string | undefined;
  readonly examples?: number | undefined;
  readonly seed?: number | undefined;
  readonly 'straight-through'?: boolean | undefined;
}

/**
 * The request a command line describes.
 * @param schema of the chosen attack's parameters; undefined when there is no such attack, which planning reports
 * @param taken flags of the command itself
 * @throws GauntletError USAGE, EXPRESSION_INVALID, PARAMETER_INVALID, DATA_NOT_FOUND
 */
export async function attackRequest(
  args: AttackArguments,
  schema: ParameterSchema | undefined,
  taken: ReadonlySet<string>,
): Promise<AttackModelRequest> {
  const attack = attackOf(args);
  const parameters = schema === undefined ? {} : await parametersOf(args, attack, schema, taken);
  const { vnnlib } = args;
  return {
    model: args.model,
    split: args.split,
    attack,
    parameters,
    ...(args.seed === undefined ? {} : { seed: args.seed }),
    ...(args.card === undefined ? {} : { card: args.card }),
    ...(args.output === undefined ? {} : { output: args.output }),
    ...(args.features === undefined ? {} : { features: args.features }),
    ...(args.data === undefined ? {} : { data: args.data }),
    ...(args.examples === undefined ? {} : { examples: args.examples }),
    ...(args['straight-through'] === undefined ? {} : { straightThrough: args['straight-through'] }),
    ...(args.surrogate === undefined ? {} : { surrogate: args.surrogate }),
    ...(vnnlib === undefined
      ? { threat: await threatOf(args), goal: goalOf(args) }
      : await vnnlibAnswers(vnnlib, args)),
  };
}

type ThreatFlag = NonNullable<AttackArguments['threat']>;

const THREATS: Readonly<Record<ThreatFlag, (args: AttackArguments) => Promise<ThreatSpec>>> = {
  lp: async ({ norm = 'linf', epsilon }) => ({ kind: 'lp', norm, epsilon: await epsilonOf(norm, epsilon) }),
  minimum: ({ norm = 'linf' }) => Promise.resolve({ kind: 'minimum', norm }),
  box: async ({ box }) => {
    if (box === undefined)
      throw new GauntletError('USAGE', '--threat box needs --box FILE.npz with arrays lower and upper.');
    const file = resolve(box);
    const content = await readFile(file).catch((cause: unknown) => {
      throw new GauntletError('DATA_NOT_FOUND', `The box file cannot be read: ${messageOf(cause)}`, {
        cause,
      });
    });
    return { kind: 'box', file, sha256: sha256(content) };
  },
  transform: (args) => Promise.resolve(transformThreat(args)),
  patch: patchThreat,
};

async function threatOf(args: AttackArguments): Promise<ThreatSpec> {
  if (args.threat !== 'transform') refuseTransformFlags(args);
  if (args.threat !== 'patch') refusePatchFlags(args);
  return THREATS[args.threat ?? 'lp'](args);
}

async function epsilonOf(norm: Norm, text: string | undefined): Promise<number> {
  if (text !== undefined) return parseBudget(text);
  const customary = CUSTOMARY_EPSILON[norm];
  if (customary !== undefined) return customary;
  throw new GauntletError('USAGE', `There is no customary budget for ${norm}.`, { help: 'Give --epsilon.' });
}

/** `--target` alone means a targeted attack; `--goal targeted` alone aims at the next class. */
function goalOf({ goal, target }: AttackArguments): GoalSpec {
  if (target === undefined)
    return goal === 'targeted' ? { kind: 'targeted', target: 'next' } : { kind: 'untargeted' };
  if (goal === 'untargeted')
    throw new GauntletError('USAGE', '--target makes no sense with --goal untargeted.');
  if (target === 'next' || target === 'random') return { kind: 'targeted', target };
  const label = Number(target);
  if (/^\d+$/.test(target)) return { kind: 'targeted', target: label };
  throw new GauntletError('USAGE', `--target must be next, random or a class number, received "${target}".`);
}

/** Flags win over `--set`. */
async function parametersOf(
  args: AttackArguments,
  attack: string,
  schema: ParameterSchema,
  taken: ReadonlySet<string>,
): Promise<Record<string, unknown>> {
  const flags = givenFlags(schema, { ...args }, taken);
  const given = { ...pairs(args.set ?? []), ...flags };
  const parameters: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    parameters[name] = typeof value === 'string' ? await coerceParameter(schema, name, value, attack) : value;
  }
  return parameters;
}

/** @throws GauntletError USAGE for a pair without `=` */
function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) throw new GauntletError('USAGE', `--set takes key=value, received "${text}".`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
