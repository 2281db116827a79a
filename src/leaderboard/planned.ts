import type { CellResult } from '../evaluate/cell.js';
import type { RunManifest } from '../results/schema/run.js';

/** The result of a model's cell, undefined where the run has none. */
export type CellOf = (model: string, entry: string) => CellResult | undefined;

/** Cells of a run that it planned, with the fingerprint it planned; what else lies in its folder is of another run. */
export interface PlannedCells {
  readonly cellOf: CellOf;
  /** In the order of the plan. */
  readonly cells: readonly CellResult[];
}

export function plannedCells(run: RunManifest, cells: readonly CellResult[]): PlannedCells {
  const fingerprints = new Map(run.plan.map((cell) => [key(cell.model, cell.entry), cell.fingerprint]));
  const found = new Map(
    cells
      .filter((cell) => fingerprints.get(key(cell.model.id, cell.entry)) === cell.fingerprint)
      .map((cell) => [key(cell.model.id, cell.entry), cell]),
  );
  return {
    cellOf: (model, entry) => found.get(key(model, entry)),
    cells: [...fingerprints.keys()].flatMap((name) => found.get(name) ?? []),
  };
}

/** Entry ids hold no line break, so the key is unique. */
const key = (model: string, entry: string): string => `${entry}\n${model}`;
