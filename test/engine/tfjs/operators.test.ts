import { describe, expect, it } from '@jest/globals';
import { absentOperators, itAgreesInDouble } from './operator-cases.js';

describe('the operators of TensorFlow.js', () => {
  it('are those that native gradients pass, but for some', () => {
    expect(absentOperators()).toEqual(['LpPool', 'ReverseSequence', 'ScatterElements', 'ScatterND']);
  });
});

describe('on WebAssembly, values and gradients are those in float64', () => {
  itAgreesInDouble('wasm');
});
