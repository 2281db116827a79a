import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBudget } from '../../src/suite/budget.js';

describe('a budget', () => {
  it.each([
    [0.1, 0.1],
    ['0.1', 0.1],
    [' 1e-3 ', 1e-3],
    ['8/255', 8 / 255],
    ['(2 + 6) / 255', 8 / 255],
    ['-(-1.5)', 1.5],
    ['2 * 0.25 - 0.5', 0],
  ])('%p is %p', async (text, value) => {
    expect(await parseBudget(text)).toBe(value);
  });

  it('divides as JavaScript does, whatever the numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 999 }), async (a, b) => {
        expect(await parseBudget(`${a}/${b}`)).toBe(a / b);
      }),
    );
  });

  it.each([
    ['', 'ConstantNode'],
    ['epsilon', 'SymbolNode'],
    ['pi', 'SymbolNode'],
    ['2 pi', 'OperatorNode'],
    ['2 (3)', 'OperatorNode'],
    ['2^8', 'OperatorNode'],
    ['5!', 'OperatorNode'],
    ['8 % 3', 'OperatorNode'],
    ['sqrt(2)', 'FunctionNode'],
    ['x = 1', 'AssignmentNode'],
    ['f(x) = x', 'FunctionAssignmentNode'],
    ['1; 2', 'BlockNode'],
    ['[1, 2]', 'ArrayNode'],
    ['{a: 1}', 'ObjectNode'],
    ['"0.1"', 'ConstantNode'],
    ['true', 'ConstantNode'],
    ['1 > 0 ? 1 : 2', 'ConditionalNode'],
    ['1:3', 'RangeNode'],
    ['import("fs")', 'FunctionNode'],
    ['cos.constructor("return process")', 'FunctionNode'],
  ])('refuses %p and names the %s', async (text, node) => {
    await expect(parseBudget(text)).rejects.toMatchObject({
      key: 'EXPRESSION_INVALID',
      message: expect.stringContaining(node),
    });
  });

  it.each(['8/', '((1', '1/0', '0/0', '-1', '1e999', NaN, -0.1, Infinity, '('.repeat(999), '1+'.repeat(600)])(
    'refuses %p',
    async (text) => {
      await expect(parseBudget(text)).rejects.toMatchObject({ key: 'EXPRESSION_INVALID' });
    },
  );
});
