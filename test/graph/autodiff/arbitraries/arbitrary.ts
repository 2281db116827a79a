import fc from 'fast-check';
import type { TestFunction } from '../test-function.js';

/** Random functions of one operator over its shapes and attributes, and how many of them are tried. */
export interface OperatorArbitrary {
  readonly functions: fc.Arbitrary<TestFunction>;
  /** 15 by default: enough for an operator with few attributes. */
  readonly runs?: number;
}

/** By the operator's ONNX name. */
export type OperatorArbitraries = Readonly<Record<string, OperatorArbitrary>>;

export const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
