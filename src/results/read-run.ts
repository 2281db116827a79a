import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import type { CellResult } from '../evaluate/cell.js';
import { RUN_FILES, type DamagedFile } from './layout.js';
import type { RunManifest } from './schema/run.js';
import { parseResult } from './validate.js';

/** A run as it lies in its folder. */
export interface StoredRun {
  readonly folder: string;
  readonly manifest: RunManifest;
  /** Usable cells in order of file name, whatever run they are of. */
  readonly cells: readonly CellResult[];
  readonly damaged: readonly DamagedFile[];
}

/**
 * Reads a run folder, changing nothing. Cells that do not match their schema are listed as damaged.
 * @throws GauntletError RUN_NOT_FOUND without run.json, RESULT_INVALID when that is malformed
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const root = resolve(folder);
  const manifestPath = join(root, RUN_FILES.manifest);
  const text = await readFile(manifestPath, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('RUN_NOT_FOUND', `There is no run in ${root}: ${messageOf(cause)}.`, { cause });
  });
  const manifest = parseResult('run', text, manifestPath);
  const { cells, damaged } = await readCells(join(root, RUN_FILES.cells));
  return { folder: root, manifest, cells, damaged };
}

async function readCells(folder: string): Promise<Pick<StoredRun, 'cells' | 'damaged'>> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => /^[^.].*\.json$/.test(file)).sort();
  const cells: CellResult[] = [];
  const damaged: DamagedFile[] = [];
  for (const name of files) {
    const file = join(folder, name);
    try {
      cells.push(parseResult('cell', await readFile(file, 'utf8'), file));
    } catch (error) {
      damaged.push({ file, reason: messageOf(error) });
    }
  }
  return { cells, damaged };
}
