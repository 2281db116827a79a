import { describe, expect, it } from '@jest/globals';
import type { CellResult, CompletedCell, UnfinishedCell } from '../../src/evaluate/cell.js';
import type { CellFile } from '../../src/results/schema/cell.js';

/** Read-only at every depth, as the interfaces are and types derived from schemas are not. Tuples become arrays. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

type Assignable<From, To> = [From] extends [To] ? true : false;
type CompletedFile = Extract<CellFile, { status: 'completed' }>;
type UnfinishedFile = Exclude<CellFile, { status: 'completed' }>;
type PlanFile = CellFile['plan'];
type Stages = Extract<CompletedCell['plan'], { kind: 'curve' }>['stages'];

/** Every line fails to compile when the schema and the interfaces drift apart. */
const AGREEMENTS = {
  completedIsValid: true satisfies Assignable<Frozen<CompletedCell>, Frozen<CompletedFile>>,
  unfinishedIsValid: true satisfies Assignable<Frozen<UnfinishedCell>, Frozen<UnfinishedFile>>,
  validIsCompleted: true satisfies Assignable<Frozen<CompletedFile>, Frozen<CompletedCell>>,
  validIsUnfinished: true satisfies Assignable<Frozen<UnfinishedFile>, Frozen<UnfinishedCell>>,
  sameFields: true satisfies Assignable<keyof CompletedFile, keyof CompletedCell>,
  allFields: true satisfies Assignable<keyof CompletedCell, keyof CompletedFile>,
  statuses: true satisfies Assignable<CellResult['status'], CellFile['status']>,
  stages: true satisfies Assignable<
    Frozen<Stages>,
    Frozen<Exclude<PlanFile, { kind: 'corruption' }>['stages']>
  >,
};

describe('the cell schema', () => {
  it('has the type of the cell interfaces (checked by the compiler)', () => {
    expect(Object.values(AGREEMENTS)).not.toContain(false);
  });
});
