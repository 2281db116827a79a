import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GauntletError } from '../errors.js';
import { makeFolder } from '../results/make-folder.js';
import { writeError } from '../results/write-error.js';
import { checksumsOf, type Checksums } from './checksum.js';
import type { RemoteFile } from './sources.js';
import { BrokenTransfer, RefusedTransfer, sizeOf, transfer } from './transfer.js';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Called with what is on disk and how much there will be, if that is known. */
  readonly onBytes?: (received: number, total: number | null) => void;
  /** Called with what went wrong and what is done about it. */
  readonly onNote?: (line: string) => void;
  /** Attempts in a row that may bring nothing. Default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled before each further one. Default 1000. */
  readonly pause?: number;
  /** Milliseconds without a byte after which a connection is given up. Default 30 000. */
  readonly stall?: number;
}

/** What became of a file. */
export interface Downloaded extends Checksums {
  readonly path: string;
  readonly status: 'downloaded' | 'present';
}

/**
 * Downloads a file to `path` and checks its hashes; a file that is there already and has them is left alone. Until it is whole
 * and checked it is called `path`.part, which the next call goes on with.
 * @throws GauntletError DOWNLOAD_FAILED (what has arrived is kept); DATA_DIFFERS (it is not); FILE_EXISTS when another file is
 *   in the way; DISK_FULL, OUTPUT_UNWRITABLE; the signal's reason
 */
export async function download(
  file: RemoteFile,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  if (existsSync(path)) {
    const checksums = await checksumsOf(path);
    if (differing(file, checksums) === undefined) return { path, status: 'present', ...checksums };
    throw new GauntletError('FILE_EXISTS', `${path} is there but is not ${file.name} as it should be.`, {
      help: 'Remove it, or move it away, and pull again.',
    });
  }
  const part = `${path}.part`;
  await makeFolder(dirname(path)).catch((error: unknown) => {
    throw writeError(error, path);
  });
  // Bytes of an earlier run may be of another file; when they spoil the hash, one fresh start is fair.
  const resumed = (await sizeOf(part)) > 0;
  let checksums = await fetchWhole(file, part, options);
  let wrong = differing(file, checksums);
  if (wrong !== undefined) await rm(part, { force: true });
  if (wrong !== undefined && resumed) {
    options.onNote?.(`${file.name}: the partial file was of something else; downloading all of it`);
    checksums = await fetchWhole(file, part, options);
    wrong = differing(file, checksums);
    if (wrong !== undefined) await rm(part, { force: true });
  }
  if (wrong !== undefined) {
    throw new GauntletError(
      'DATA_DIFFERS',
      `${file.name} is not the genuine file: ${wrong}. It was removed.`,
    );
  }
  await rename(part, path).catch((error: unknown) => {
    throw writeError(error, path);
  });
  return { path, status: 'downloaded', ...checksums };
}

async function fetchWhole(file: RemoteFile, part: string, options: DownloadOptions): Promise<Checksums> {
  const failures: string[] = [];
  for (const url of file.urls) {
    const failure = await fetchFrom(url, file, part, options);
    if (failure === undefined) return checksumsOf(part);
    failures.push(`${url}: ${failure}`);
    if (url !== file.urls.at(-1)) options.onNote?.(`${url}: ${failure}; trying elsewhere`);
  }
  const kept = await sizeOf(part);
  throw new GauntletError(
    'DOWNLOAD_FAILED',
    `${file.name} could not be downloaded: ${failures.join('; ')}.${kept > 0 ? ` ${kept} bytes are kept in ${part}.` : ''}`,
  );
}

/** Downloads from one address; what went wrong in the end, or undefined when all of it is there. */
async function fetchFrom(
  url: string,
  file: RemoteFile,
  part: string,
  { signal, onBytes, onNote, attempts = 5, pause = 1000, stall = 30_000 }: DownloadOptions,
): Promise<string | undefined> {
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(part);
    try {
      await transfer(url, part, { signal, stall, onBytes: onBytes ?? (() => undefined) });
      return undefined;
    } catch (error) {
      if (error instanceof RefusedTransfer) return error.message;
      if (!(error instanceof BrokenTransfer)) throw error;
      fruitless = (await sizeOf(part)) > before ? 0 : fruitless + 1;
      if (fruitless >= attempts) return error.message;
      onNote?.(`${file.name}: ${error.message}; trying again`);
      await sleep(pause * 2 ** fruitless, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }
}

/** The first hash that is not as it should be, in words. */
function differing({ hashes }: RemoteFile, found: Checksums): string | undefined {
  const wrong = hashes.find(({ algorithm, hex }) => found[algorithm] !== hex);
  if (wrong === undefined) return undefined;
  const name = wrong.algorithm === 'md5' ? 'MD5' : 'SHA-256';
  return `its ${name} is ${found[wrong.algorithm]}, expected ${wrong.hex} (${found.bytes} bytes)`;
}
