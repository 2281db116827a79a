import { GauntletError } from '../errors.js';
import { sha256 } from '../fingerprint.js';
import { clamp } from '../tensor/clamp.js';
import { roundToward } from '../tensor/float32.js';
import { readBytes } from './readers/bytes.js';
import { readExpressions, showExpression, type Expression, type Fail } from './s-expressions.js';
import { robustnessProperty, type Comparison, type Property } from './vnnlib-property.js';

/**
 * A robustness instance of the verification competition VNN-COMP: a box of inputs, and what an input in it must do to the
 * outputs to be a counterexample. Everything is in the units of the network itself.
 */
export interface VnnlibInstance {
  /** Bounds of each input, in the order of X_i: float32 values inside the file's real ones. */
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  /** The middle of the box. */
  readonly centre: Float32Array;
  readonly numClasses: number;
  readonly property: Property;
  /** SHA-256 (hex) of the file's text. */
  readonly sha256: string;
}

/** Whether a path names a VNN-LIB file, plain or gzipped. */
export const isVnnlib = (path: string): boolean => /\.vnnlib(\.gz)?$/i.test(path);

let cached: { path: string; instance: Promise<VnnlibInstance> } | undefined;

/**
 * Reads one instance; the last file read is kept.
 * @throws GauntletError DATA_NOT_FOUND; DATA_INVALID naming line, column and what was found there, for a file that is
 *   malformed or asks for something else than a misclassification within a box.
 */
export function readVnnlib(path: string): Promise<VnnlibInstance> {
  if (cached?.path !== path) {
    const instance = readBytes(path).then((bytes) => parseVnnlib(new TextDecoder().decode(bytes), path));
    cached = { path, instance };
    instance.catch(() => (cached = undefined));
  }
  return cached.instance;
}

/** What has been read of a file so far. */
interface Draft {
  readonly inputs: { lower: number; upper: number; readonly declared: Expression }[];
  readonly outputs: Set<number>;
  /** Disjunctions of conjunctions; all must hold. */
  readonly properties: { readonly at: Expression; readonly cases: Comparison[][] }[];
}

/**
 * The instance a VNN-LIB 1.0 text describes.
 *
 * Bounds are rounded inward to float32, the type networks run in; between two neighbouring float32 values the nearest one to
 * the middle stands for the box.
 * @param name how messages call the file.
 * @throws GauntletError DATA_INVALID, as readVnnlib.
 */
export function parseVnnlib(text: string, name: string): VnnlibInstance {
  const fail: Fail = ({ line, column }, message) =>
    new GauntletError('DATA_INVALID', `${name}, line ${line}, column ${column}: ${message}.`);
  const draft: Draft = { inputs: [], outputs: new Set(), properties: [] };
  for (const command of readExpressions(text, fail)) obey(command, draft, fail);

  const { inputs, outputs, properties } = draft;
  const end = { line: text.split('\n').length, column: 1 };
  if (inputs.length === 0) throw fail(end, 'found no input variable X_0');
  const numClasses = outputs.size;
  if (numClasses < 2) throw fail(end, `found ${numClasses} output variables, a classifier has two or more`);
  const property = robustnessProperty(
    properties.map(({ cases }) => cases),
    numClasses,
  );
  if (typeof property === 'string') throw fail(properties[0]?.at ?? end, property);

  const [lower, upper] = [new Float32Array(inputs.length), new Float32Array(inputs.length)];
  const centre = new Float32Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input === undefined) throw fail(end, `X_${i} is not declared, but X_${inputs.length - 1} is`);
    const { declared } = input;
    for (const bound of ['lower', 'upper'] as const) {
      if (!Number.isFinite(input[bound])) throw fail(declared, `X_${i} has no ${bound} bound`);
    }
    if (input.lower > input.upper) {
      throw fail(declared, `X_${i} has the lower bound ${input.lower} above its upper bound ${input.upper}`);
    }
    [lower[i], upper[i]] = roundedInward(input.lower, input.upper);
    centre[i] = clamp((input.lower + input.upper) / 2, lower[i]!, upper[i]!);
  }
  return { lower, upper, centre, numClasses, property, sha256: sha256(text) };
}

function obey(command: Expression, draft: Draft, fail: Fail): void {
  const [verb, ...rest] = command.kind === 'list' ? command.items : [];
  const name = verb?.kind === 'atom' ? verb.text : '';
  if (name === 'declare-const') declare(command, rest[0], rest[1], draft, fail);
  else if (name === 'assert' && rest.length === 1) assert(rest[0]!, draft, fail);
  else throw fail(command, `expected (declare-const ...) or (assert ...), found ${showExpression(command)}`);
}

function declare(
  command: Expression,
  name: Expression | undefined,
  type: Expression | undefined,
  { inputs, outputs }: Draft,
  fail: Fail,
): void {
  const variable = name && variableOf(name);
  if (variable === undefined || type?.kind !== 'atom' || type.text !== 'Real') {
    throw fail(command, `expected (declare-const X_i Real) or Y_j, found ${showExpression(command)}`);
  }
  const { kind, index } = variable;
  if (kind === 'X') inputs[index] = { lower: -Infinity, upper: Infinity, declared: command };
  else outputs.add(index);
}

function assert(claim: Expression, draft: Draft, fail: Fail): void {
  if (claim.kind === 'list' && isSymbol(claim.items[0], 'and')) {
    for (const part of claim.items.slice(1)) assert(part, draft, fail);
    return;
  }
  if (claim.kind === 'list' && isSymbol(claim.items[0], 'or')) {
    const cases = claim.items.slice(1).map((part) => conjunction(part, draft, fail));
    draft.properties.push({ at: claim, cases });
    return;
  }
  const { greater, smaller } = comparison(claim, fail);
  const [above, below] = [variableOf(greater), variableOf(smaller)];
  if (above?.kind === 'X' && below === undefined) {
    const input = declared(draft, above.index, claim, fail);
    input.lower = Math.max(input.lower, numberOf(smaller, fail));
  } else if (below?.kind === 'X' && above === undefined) {
    const input = declared(draft, below.index, claim, fail);
    input.upper = Math.min(input.upper, numberOf(greater, fail));
  } else draft.properties.push({ at: claim, cases: [[outputComparison(claim, draft, fail)]] });
}

/** `(and c ...)`, or a comparison on its own. */
function conjunction(part: Expression, draft: Draft, fail: Fail): Comparison[] {
  if (part.kind === 'list' && isSymbol(part.items[0], 'and')) {
    return part.items.slice(1).map((claim) => outputComparison(claim, draft, fail));
  }
  return [outputComparison(part, draft, fail)];
}

function outputComparison(claim: Expression, { outputs }: Draft, fail: Fail): Comparison {
  const sides = comparison(claim, fail);
  const [greater, smaller] = [variableOf(sides.greater), variableOf(sides.smaller)];
  if (greater?.kind !== 'Y' || smaller?.kind !== 'Y') {
    throw fail(claim, `only comparisons of two outputs are supported here, found ${showExpression(claim)}`);
  }
  const unknown = [greater, smaller].find(({ index }) => !outputs.has(index));
  if (unknown !== undefined) throw fail(claim, `Y_${unknown.index} is not declared`);
  return { greater: greater.index, smaller: smaller.index };
}

function comparison(claim: Expression, fail: Fail): { greater: Expression; smaller: Expression } {
  const [operator, left, right, ...more] = claim.kind === 'list' ? claim.items : [];
  if (left !== undefined && right !== undefined && more.length === 0) {
    if (isSymbol(operator, '>=')) return { greater: left, smaller: right };
    if (isSymbol(operator, '<=')) return { greater: right, smaller: left };
  }
  throw fail(claim, `expected a comparison by >= or <=, found ${showExpression(claim)}`);
}

function declared({ inputs }: Draft, index: number, claim: Expression, fail: Fail): Draft['inputs'][number] {
  const input = inputs[index];
  if (input === undefined) throw fail(claim, `X_${index} is not declared`);
  return input;
}

function variableOf(expression: Expression): { kind: 'X' | 'Y'; index: number } | undefined {
  const match = expression.kind === 'atom' ? /^([XY])_(\d{1,7})$/.exec(expression.text) : null;
  return match === null ? undefined : { kind: match[1] as 'X' | 'Y', index: Number(match[2]) };
}

/** A decimal number, or `(- number)`. */
function numberOf(expression: Expression, fail: Fail): number {
  if (expression.kind === 'list' && expression.items.length === 2 && isSymbol(expression.items[0], '-')) {
    return -numberOf(expression.items[1]!, fail);
  }
  const text = expression.kind === 'atom' ? expression.text : '';
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw fail(expression, `expected a number, found ${showExpression(expression)}`);
}

const isSymbol = (expression: Expression | undefined, text: string): boolean =>
  expression?.kind === 'atom' && expression.text === text;

function roundedInward(lower: number, upper: number): [lower: number, upper: number] {
  const inside = [roundToward(lower, Infinity), roundToward(upper, -Infinity)] as const;
  if (inside[0] <= inside[1]) return [...inside];
  const nearest = Math.fround((lower + upper) / 2);
  return [nearest, nearest];
}
