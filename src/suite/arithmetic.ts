import type { MathNode } from 'mathjs';
import { GauntletError, messageOf } from '../errors.js';

/** Longest expression read; real ones have a few dozen characters. */
const MAX_LENGTH = 1000;

/** The arithmetic every expression may use, by mathjs' name of the operator. */
export const ARITHMETIC: Readonly<Record<string, (...operands: number[]) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  unaryMinus: (a) => -a,
  unaryPlus: (a) => a,
};

/**
 * Parses (never evaluates) a mathjs expression. The parser is loaded on first use, as it takes half a second.
 * @throws GauntletError EXPRESSION_INVALID when it does not parse or is longer than 1,000 characters
 */
export async function parseExpression(text: string): Promise<MathNode> {
  if (text.length > MAX_LENGTH) {
    throw new GauntletError(
      'EXPRESSION_INVALID',
      `The expression has ${text.length} characters, at most ${MAX_LENGTH} are read.`,
    );
  }
  const { parse } = await import('mathjs/number');
  try {
    return parse(text);
  } catch (error) {
    throw new GauntletError('EXPRESSION_INVALID', `"${text}" does not parse: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** The error for a part of an expression that is not allowed. */
export function refused(text: string, node: MathNode, reason = 'is not allowed here'): GauntletError {
  const what = `${node.type} \`${node.toString()}\``;
  return new GauntletError('EXPRESSION_INVALID', `In "${text}": ${what} ${reason}.`);
}
