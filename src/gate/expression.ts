import type {
  ConstantNode,
  FunctionNode,
  MathNode,
  OperatorNode,
  ParenthesisNode,
  RelationalNode,
  SymbolNode,
} from 'mathjs';
import { GauntletError } from '../errors.js';
import { ARITHMETIC, parseExpression, refused } from '../suite/arithmetic.js';

/** Metrics of a row by name (see metricName), as shares between 0 and 1. */
export type Metrics = Readonly<Record<string, number>>;

/** Whether a row satisfies an expression; `undefined` when it divides by zero or the like. */
export type Truth = 'true' | 'false' | 'undefined';

/** A checked expression. */
export interface GateExpression {
  readonly text: string;
  /** Metrics it reads, in alphabetical order. */
  readonly metrics: readonly string[];
  /** @throws GauntletError EXPRESSION_INVALID when `metrics` lacks one the expression reads */
  readonly evaluate: (metrics: Metrics) => Truth;
}

type Compiled =
  | { readonly type: 'number'; readonly value: (metrics: Metrics) => number }
  | { readonly type: 'boolean'; readonly value: (metrics: Metrics) => boolean };

/** Thrown by an operation whose result is not a finite number; no comparison may be made with it. */
class NotFinite extends Error {}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  smaller: (a, b) => a < b,
  smallerEq: (a, b) => a <= b,
  larger: (a, b) => a > b,
  largerEq: (a, b) => a >= b,
  equal: (a, b) => a === b,
  unequal: (a, b) => a !== b,
};

const CONNECTIVES: Readonly<Record<string, (operands: readonly (() => boolean)[]) => boolean>> = {
  and: (operands) => operands.every((operand) => operand()),
  or: (operands) => operands.some((operand) => operand()),
  not: (operands) => !operands[0]!(),
};

/** Functions with the least and greatest number of arguments. */
const FUNCTIONS: Readonly<
  Record<string, { arity: readonly [number, number]; apply: (...x: number[]) => number }>
> = {
  min: { arity: [1, Infinity], apply: Math.min },
  max: { arity: [1, Infinity], apply: Math.max },
  abs: { arity: [1, 1], apply: Math.abs },
  round: { arity: [1, 2], apply: (x, digits = 0) => Math.round(x * 10 ** digits) / 10 ** digits },
};

/**
 * Checks and compiles a condition on a row, e.g. `pgd_linf >= 0.8 * clean and abs(fgsm - pgd_linf) < 0.3`. Allowed are numbers,
 * metric names, + - * / ( ), comparisons (chains too), and, or, not, min, max, abs and round; mathjs only parses, so nothing else
 * can run.
 * @throws GauntletError EXPRESSION_INVALID naming what is not allowed, or when the whole is no condition
 */
export async function compileExpression(text: string): Promise<GateExpression> {
  const metrics = new Set<string>();
  const root = compile(await parseExpression(text), { text, metrics });
  if (root.type !== 'boolean') {
    throw new GauntletError(
      'EXPRESSION_INVALID',
      `"${text}" is a number; a condition compares, e.g. with >=.`,
    );
  }
  return { text, metrics: [...metrics].sort(), evaluate: (row) => truth(root.value, row) };
}

function truth(condition: (metrics: Metrics) => boolean, row: Metrics): Truth {
  try {
    return condition(row) ? 'true' : 'false';
  } catch (error) {
    if (error instanceof NotFinite) return 'undefined';
    throw error;
  }
}

interface Context {
  readonly text: string;
  readonly metrics: Set<string>;
}

function compile(node: MathNode, context: Context): Compiled {
  switch (node.type) {
    case 'ConstantNode':
      return compileConstant(node as ConstantNode, context);
    case 'ParenthesisNode':
      return compile((node as ParenthesisNode).content, context);
    case 'SymbolNode':
      return compileMetric(node as SymbolNode, context);
    case 'OperatorNode':
      return compileOperator(node as OperatorNode, context);
    case 'RelationalNode':
      return compileChain(node as RelationalNode, context);
    case 'FunctionNode':
      return compileCall(node as FunctionNode, context);
    default:
      throw refused(context.text, node);
  }
}

function compileConstant(node: ConstantNode, { text }: Context): Compiled {
  const { value } = node;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw refused(text, node, 'is not a finite number');
  return { type: 'number', value: () => value };
}

function compileMetric(node: SymbolNode, { text, metrics }: Context): Compiled {
  const { name } = node;
  metrics.add(name);
  return {
    type: 'number',
    value: (row) => {
      const value = Object.hasOwn(row, name) ? row[name] : undefined;
      if (value === undefined) throw refused(text, node, 'is not a metric of the row');
      return value;
    },
  };
}

function compileOperator(node: OperatorNode, context: Context): Compiled {
  const { fn, args } = node;
  if ((node as OperatorNode & { implicit: boolean }).implicit) throw refused(context.text, node);
  const arithmetic = Object.hasOwn(ARITHMETIC, fn) ? ARITHMETIC[fn] : undefined;
  if (arithmetic !== undefined) {
    const operands = numbers(args, context);
    return { type: 'number', value: (row) => finite(arithmetic(...operands.map((operand) => operand(row)))) };
  }
  const comparison = Object.hasOwn(COMPARISONS, fn) ? COMPARISONS[fn] : undefined;
  if (comparison !== undefined) {
    const [left, right] = numbers(args, context);
    return { type: 'boolean', value: (row) => comparison(left!(row), right!(row)) };
  }
  const connective = Object.hasOwn(CONNECTIVES, fn) ? CONNECTIVES[fn] : undefined;
  if (connective === undefined) throw refused(context.text, node);
  const operands = args.map((argument) => {
    const compiled = compile(argument, context);
    if (compiled.type !== 'boolean')
      throw refused(context.text, argument, 'is a number where a condition is due');
    return compiled.value;
  });
  return { type: 'boolean', value: (row) => connective(operands.map((operand) => () => operand(row))) };
}

/** `a < b <= c`. */
function compileChain({ conditionals, params }: RelationalNode, context: Context): Compiled {
  const operands = numbers(params, context);
  const value = (row: Metrics) => {
    const values = operands.map((operand) => operand(row));
    return conditionals.every((name, i) => COMPARISONS[name]!(values[i]!, values[i + 1]!));
  };
  return { type: 'boolean', value };
}

function compileCall(node: FunctionNode, context: Context): Compiled {
  const callee = node.fn as unknown as MathNode;
  const name = callee.type === 'SymbolNode' ? (callee as SymbolNode).name : '';
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) throw refused(context.text, node);
  const [least, most] = known.arity;
  if (node.args.length < least || node.args.length > most) {
    throw refused(context.text, node, `has ${node.args.length} arguments`);
  }
  const operands = numbers(node.args, context);
  return { type: 'number', value: (row) => finite(known.apply(...operands.map((operand) => operand(row)))) };
}

function numbers(nodes: readonly MathNode[], context: Context): ((metrics: Metrics) => number)[] {
  return nodes.map((node) => {
    const compiled = compile(node, context);
    if (compiled.type !== 'number') throw refused(context.text, node, 'is a condition where a number is due');
    return compiled.value;
  });
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new NotFinite();
  return value;
}
