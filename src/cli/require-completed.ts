import { errorCatalogue, GauntletError, type ErrorKey } from '../errors.js';
import type { CellResult, CompletedCell } from '../evaluate/cell.js';

const PREFIX = 'GAUNTLET_E_';

/**
 * The cell, if it came to a result.
 * @throws GauntletError with the cell's own reason otherwise
 */
export function requireCompleted(cell: CellResult): CompletedCell {
  if (cell.status === 'completed') return cell;
  const { code, message } = cell.reason;
  const key = code.startsWith(PREFIX) ? code.slice(PREFIX.length) : code;
  if (Object.hasOwn(errorCatalogue, key)) throw new GauntletError(key as ErrorKey, message);
  throw new GauntletError(
    'RUN_INCOMPLETE',
    `${cell.model.id}, ${cell.title}: ${cell.status} (${code}): ${message}`,
  );
}
