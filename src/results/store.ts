import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import type { CellResult, CellSpec, CompletedCell } from '../evaluate/cell.js';
import type { CellSink } from '../evaluate/run.js';
import { cellFileName } from '../evaluate/witnesses.js';
import { sha256 } from '../fingerprint.js';
import { removeStaleFiles, writeFileAtomic } from './atomic-file.js';
import { jsonText } from './json-text.js';
import { RUN_FILES, type DamagedFile } from './layout.js';
import { makeFolder } from './make-folder.js';
import type { Leaderboard } from './schema/leaderboard.js';
import type { RunManifest } from './schema/run.js';
import { parseResult, validateResult } from './validate.js';
import { writeError } from './write-error.js';

/** What the folder knows of a cell. */
export type CellLookup =
  | { readonly state: 'finished'; readonly cell: CompletedCell }
  | { readonly state: 'absent' }
  /** There is a result, but of another fingerprint, or without accuracy. */
  | { readonly state: 'outdated' }
  /** The cell or its witnesses were changed or cut off. */
  | { readonly state: 'damaged'; readonly reason: string };

/** A run folder open for writing. */
export interface RunStore extends CellSink {
  /** Absolute path. */
  readonly folder: string;
  finishedCell(cell: { fingerprint: string; model: string; entry: string }): Promise<CellLookup>;
  /** Writes witnesses, then the cell, each atomically, after checking the cell against its schema. */
  save(cell: CellResult, witnesses: Uint8Array | null): Promise<void>;
  writeManifest(manifest: RunManifest): Promise<void>;
  writeLeaderboard(leaderboard: Leaderboard): Promise<void>;
  /** Removes the results of earlier runs. */
  clear(): Promise<void>;
}

/**
 * Opens a run folder for writing, making it if need be and removing what a killed run left half written.
 * @param onDamaged is told of cells that resuming cannot use and so computes again
 * @throws GauntletError OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function openRunStore(
  folder: string,
  onDamaged: (damaged: DamagedFile) => void = () => undefined,
): Promise<RunStore> {
  const root = resolve(folder);
  const at = (...parts: string[]) => join(root, ...parts);
  const folders = [root, at(RUN_FILES.cells), at(RUN_FILES.witnesses)];
  await makeFolders(folders);
  await Promise.all(folders.map(removeStaleFiles));

  const cellPath = (name: string) => at(RUN_FILES.cells, `${safeName(name)}.json`);
  const witnessPath = (name: string) => at(RUN_FILES.witnesses, `${safeName(name)}.npz`);

  const finishedCell: RunStore['finishedCell'] = ({ fingerprint, model, entry }) => {
    const name = cellFileName({ model: { id: model }, entry });
    return lookUp(cellPath(name), root, fingerprint);
  };

  return {
    folder: root,
    finishedCell,
    async finished(spec: CellSpec) {
      const found = await finishedCell({
        fingerprint: spec.fingerprint,
        model: spec.model.id,
        entry: spec.entry,
      });
      if (found.state === 'damaged') onDamaged({ file: cellPath(cellFileName(spec)), reason: found.reason });
      return found.state === 'finished' ? found.cell : null;
    },
    async save(cell, witnesses) {
      const name = cellFileName(cell);
      const path = cellPath(name);
      const text = jsonText(validateResult('cell', cell, path));
      if (witnesses === null) await rm(witnessPath(name), { force: true });
      else await writeFileAtomic(witnessPath(name), witnesses);
      await writeFileAtomic(path, text);
    },
    async writeManifest(manifest) {
      const path = at(RUN_FILES.manifest);
      await writeFileAtomic(path, jsonText(validateResult('run', manifest, path)));
    },
    async writeLeaderboard(leaderboard) {
      await writeLeaderboardFile(at(RUN_FILES.leaderboard), leaderboard);
    },
    async clear() {
      for (const part of Object.values(RUN_FILES)) await rm(at(part), { recursive: true, force: true });
      await makeFolders(folders);
    },
  };
}

/**
 * Writes a leaderboard after checking it against its schema.
 * @throws GauntletError RESULT_INVALID, OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function writeLeaderboardFile(path: string, leaderboard: Leaderboard): Promise<void> {
  await writeFileAtomic(path, jsonText(validateResult('leaderboard', leaderboard, path)));
}

async function lookUp(path: string, root: string, fingerprint: string): Promise<CellLookup> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw writeError(error, path);
  });
  if (text === null) return { state: 'absent' };
  try {
    const cell = parseResult('cell', text, path);
    if (cell.status !== 'completed' || cell.fingerprint !== fingerprint) return { state: 'outdated' };
    const problem = await witnessDamage(cell, root);
    return problem === null ? { state: 'finished', cell } : { state: 'damaged', reason: problem };
  } catch (error) {
    return { state: 'damaged', reason: messageOf(error) };
  }
}

async function witnessDamage({ witnesses }: CompletedCell, root: string): Promise<string | null> {
  if (witnesses === null) return null;
  const path = join(root, RUN_FILES.witnesses, witnesses.file);
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return `${path} is missing`;
  return sha256(bytes) === witnesses.sha256 ? null : `${path} is not the file the cell recorded`;
}

async function makeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await makeFolder(folder).catch((error: unknown) => {
      throw writeError(error, folder);
    });
  }
}

/** Names come from models' names; none may leave the folder. */
function safeName(name: string): string {
  if (!/[/\\\0]/.test(name)) return name;
  throw new GauntletError('OUTPUT_UNWRITABLE', `"${name}" cannot be a file name: it holds a path separator.`);
}
