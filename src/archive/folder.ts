import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../data/npy-write.js';
import { GauntletError, messageOf } from '../errors.js';
import { removeStaleFiles, writeFileAtomic } from '../results/atomic-file.js';
import { jsonText } from '../results/json-text.js';
import type { DamagedFile } from '../results/layout.js';
import type { ArchiveFile, ArchiveManifest } from '../results/schema/archive.js';
import { parseResult, validateResult } from '../results/validate.js';

/** What is known of the files beside it. */
export const MANIFEST = 'manifest.json';

/** An archive that is being written, or written further. */
export interface ArchiveFolder {
  readonly path: string;
  /** What is in it by now. */
  readonly manifest: () => ArchiveManifest;
  /** Files of the plan that an earlier run has finished. */
  readonly kept: ReadonlySet<string>;
  /** Writes down what has become of a file, or of a corruption that cannot be made. */
  readonly note: (change: ArchiveFile | ArchiveManifest['unavailable'][number]) => Promise<void>;
}

export interface FolderOptions {
  /** Whether to keep what is finished. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
  /** Told of finished files that are damaged and made again. */
  readonly onDamaged?: (damaged: DamagedFile) => void;
}

/**
 * Opens the folder of an archive that is to become what the manifest says, and finds out what of it is there. Files of the same
 * archive that are not planned now stay.
 * @throws GauntletError FILE_EXISTS when it holds another archive, or files that no manifest speaks of; OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function openArchiveFolder(
  path: string,
  planned: ArchiveManifest,
  { resume, signal, onDamaged }: FolderOptions,
): Promise<ArchiveFolder> {
  await removeStaleFiles(path);
  const before = await manifestIn(path);
  if (before !== undefined && !resume) await remove(path, before);
  const known = resume ? before : undefined;
  if (known !== undefined) requireSame(path, known, planned);
  const earlier = new Map(known?.files.map((file) => [file.path, file]));
  for (const file of planned.files) {
    if (earlier.has(file.path) || !existsSync(join(path, file.path))) continue;
    throw new GauntletError(
      'FILE_EXISTS',
      `${join(path, file.path)} exists, and no ${MANIFEST} says what it is.`,
    );
  }
  const kept = new Set<string>();
  for (const file of planned.files) {
    const was = earlier.get(file.path);
    if (was?.fingerprint !== file.fingerprint || was.sha256 === undefined) continue;
    const reason = await damage(join(path, file.path), was, signal);
    if (reason === null) kept.add(file.path);
    else onDamaged?.({ file: join(path, file.path), reason });
  }
  const files = new Map(earlier);
  for (const file of planned.files) if (!kept.has(file.path)) files.set(file.path, file);
  const unavailable = new Map(known?.unavailable.map((one) => [one.corruption, one]));
  const manifest = (): ArchiveManifest => ({
    ...planned,
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    unavailable: [...unavailable.values()].sort((a, b) => (a.corruption < b.corruption ? -1 : 1)),
  });
  const save = () => {
    const file = join(path, MANIFEST);
    return writeFileAtomic(file, jsonText(validateResult('archive', manifest(), file)));
  };
  // Before any file: one that is there but not finished is then known to be ours.
  await save();
  return {
    path,
    manifest,
    kept,
    note: async (change) => {
      if ('path' in change) {
        files.set(change.path, change);
        if (change.source) unavailable.delete(change.source.corruption.id);
      } else {
        unavailable.set(change.corruption, change);
        for (const file of files.values()) {
          if (file.source?.corruption.id === change.corruption) files.delete(file.path);
        }
      }
      await save();
    },
  };
}

async function manifestIn(path: string): Promise<ArchiveManifest | undefined> {
  const file = join(path, MANIFEST);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new GauntletError('OUTPUT_UNWRITABLE', `${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  });
  return text === undefined ? undefined : parseResult('archive', text, file);
}

async function remove(path: string, manifest: ArchiveManifest): Promise<void> {
  for (const file of manifest.files) await rm(join(path, file.path), { force: true });
  await rm(join(path, MANIFEST), { force: true });
}

/** What makes an archive that one, in words. */
const IDENTITY: readonly (readonly [string, (manifest: ArchiveManifest) => string | number])[] = [
  ['layout', ({ layout }) => layout],
  ['data', ({ data }) => `${data.source} (${data.split}, ${data.fingerprint.slice(0, 8)})`],
  ['images per severity', ({ data }) => data.n],
  ['severities', ({ severities }) => severities?.join(', ') ?? 'one each'],
  ['seed', ({ seed }) => seed],
];

function requireSame(path: string, there: ArchiveManifest, wanted: ArchiveManifest): void {
  const differs = (of: (manifest: ArchiveManifest) => unknown) => of(there) !== of(wanted);
  const other = IDENTITY.find(([, of]) => differs(of));
  if (other === undefined) return;
  const [what, of] = other;
  throw new GauntletError(
    'FILE_EXISTS',
    `${path} holds another archive, its ${what}: ${of(there)}; asked for: ${of(wanted)}.`,
    { help: 'Give another folder with --out, or --no-resume to replace what is there.' },
  );
}

/** Why a finished file cannot be kept, or null. */
async function damage(path: string, was: ArchiveFile, signal: AbortSignal): Promise<string | null> {
  if (!existsSync(path)) return 'it is missing';
  const { sha256 } = await hashFile(path, signal);
  return sha256 === was.sha256 ? null : 'it is not the file the manifest speaks of';
}
