import type { ConstantNode, MathNode, OperatorNode, ParenthesisNode } from 'mathjs';
import { GauntletError } from '../errors.js';
import { ARITHMETIC, parseExpression, refused } from './arithmetic.js';

const NUMBER = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
/** A number, or one over another: they do not need the parser, which takes longer to load than many an attack takes. */
const USUAL = new RegExp(String.raw`^\s*(?<number>${NUMBER})\s*(?:/\s*(?<of>${NUMBER})\s*)?$`);

/**
 * A budget as a number: `0.1`, `"0.1"` or arithmetic such as `"8/255"` over numbers, + - * / and parentheses.
 * @returns a finite number, at least 0
 * @throws GauntletError EXPRESSION_INVALID for anything else, naming the part that is not allowed
 */
export async function parseBudget(budget: string | number): Promise<number> {
  const value = typeof budget === 'number' ? budget : await evaluate(budget);
  if (!Number.isFinite(value) || value < 0) {
    throw new GauntletError(
      'EXPRESSION_INVALID',
      `A budget is a finite number of at least 0; "${budget}" is ${value}.`,
    );
  }
  return value;
}

async function evaluate(text: string): Promise<number> {
  const usual = USUAL.exec(text)?.groups;
  if (usual !== undefined) return Number(usual['number']) / Number(usual['of'] ?? 1);
  return valueOf(text, await parseExpression(text));
}

function valueOf(text: string, node: MathNode): number {
  switch (node.type) {
    case 'ConstantNode': {
      const { value } = node as ConstantNode;
      if (typeof value !== 'number') throw refused(text, node, 'is not a number');
      return value;
    }
    case 'ParenthesisNode':
      return valueOf(text, (node as ParenthesisNode).content);
    case 'OperatorNode': {
      const { fn, args, implicit } = node as OperatorNode & { implicit: boolean };
      const operation = Object.hasOwn(ARITHMETIC, fn) && !implicit ? ARITHMETIC[fn] : undefined;
      if (operation === undefined) throw refused(text, node);
      return operation(...args.map((argument) => valueOf(text, argument)));
    }
    default:
      throw refused(text, node);
  }
}
