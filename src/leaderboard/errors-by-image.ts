import type { CompletedCell } from '../evaluate/cell.js';
import type { ImageErrors } from '../metrics/corruption/image-errors.js';

/**
 * A model's errors image by image, in the order of the data indices, so that the order in which a suite lists its examples changes
 * nothing.
 * @param columns cells by id of the corruption column, all of the same images
 */
export function errorsByImage(columns: ReadonlyMap<string, readonly CompletedCell[]>): ImageErrors {
  const cells = [...columns.values()].flat();
  const order = ascending(cells[0]?.data.indices ?? []);
  return {
    images: order.length,
    clean: cleanErrors(cells, order),
    corruptions: new Map(
      [...columns].map(([id, severities]) => [
        id,
        { severities: severities.length, errors: countErrors(severities, order) },
      ]),
    ),
  };
}

/** Positions of the indices from the smallest on. */
function ascending(indices: readonly number[]): number[] {
  return indices.map((_index, position) => position).sort((a, b) => indices[a]! - indices[b]!);
}

function countErrors(cells: readonly CompletedCell[], order: readonly number[]): Uint8Array {
  const errors = new Uint8Array(order.length);
  for (const { outcomes } of cells) {
    for (let i = 0; i < order.length; i++) if (outcomes[order[i]!] !== 'r') errors[i]! += 1;
  }
  return errors;
}

/**
 * Where the model is wrong without corruption: it is right where some outcome is `f`, or `r` and not by the corruption's help. Cells
 * that do not say which images that helped leave it open.
 */
function cleanErrors(cells: readonly CompletedCell[], order: readonly number[]): Uint8Array | null {
  const wrong = new Uint8Array(order.length).fill(1);
  for (const { outcomes, repaired, data } of cells) {
    if (repaired === undefined) return null;
    const helped = new Set(repaired);
    for (let i = 0; i < order.length; i++) {
      const letter = outcomes[order[i]!];
      if (letter === 'f' || (letter === 'r' && !helped.has(data.indices[order[i]!]!))) wrong[i] = 0;
    }
  }
  return wrong;
}
