import { GauntletError, messageOf, type ErrorKey } from '../errors.js';

/** What the system's refusals to write mean to the user. */
const CAUSES: Readonly<Record<string, ErrorKey>> = {
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  EFBIG: 'DISK_FULL',
  EACCES: 'OUTPUT_UNWRITABLE',
  EPERM: 'OUTPUT_UNWRITABLE',
  EROFS: 'OUTPUT_UNWRITABLE',
  ENOTDIR: 'OUTPUT_UNWRITABLE',
  EISDIR: 'OUTPUT_UNWRITABLE',
  EEXIST: 'OUTPUT_UNWRITABLE',
  ENOENT: 'OUTPUT_UNWRITABLE',
  ENAMETOOLONG: 'OUTPUT_UNWRITABLE',
};

/** The user's error for a failure to write `path`; whatever is no refusal of the system is passed through. */
export function writeError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const key = code === undefined ? undefined : CAUSES[code];
  if (error instanceof GauntletError || key === undefined) return error;
  return new GauntletError(key, `${path} cannot be written: ${messageOf(error)}.`, { cause: error });
}
