import { describe, expect, it } from '@jest/globals';
import { gradientRules } from '../../../src/graph/autodiff/rules/index.js';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { cases } from './cases/index.js';
import { checkGradients } from './gradient-check.js';
import { isWeight, type TestFunction } from './test-function.js';

function operatorsOf(fn: TestFunction): string[] {
  const builder = new GraphBuilder({ name: fn.name, opsets: { '': 17 } });
  fn.build(builder);
  return builder.build().nodes.map((node) => node.op);
}

const hasWeights = (fn: TestFunction): boolean => {
  const weights = Object.keys(fn.inputs).filter((name) => isWeight(fn, name));
  return weights.length > 0 && weights.length < Object.keys(fn.inputs).length;
};

describe('the gradient of all inputs agrees with central differences in float64', () => {
  it.each(cases.map((fn, seed) => ({ ...fn, fn, seed })))('of $name', async ({ fn, seed }) => {
    await checkGradients(fn, 'variable weights', seed);
  });
});

describe('with constant weights, the gradient of the other inputs agrees as well', () => {
  it.each(cases.filter(hasWeights).map((fn, seed) => ({ ...fn, fn, seed })))(
    'of $name',
    async ({ fn, seed }) => {
      await checkGradients(fn, 'constant weights', seed);
    },
  );
});

describe('the table of gradient rules', () => {
  it.each([...gradientRules.keys()])('has a case for %s', (op) => {
    expect(cases.flatMap(operatorsOf)).toContain(op);
  });
});
