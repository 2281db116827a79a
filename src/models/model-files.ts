import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep, win32 } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import { sha256 } from '../fingerprint.js';
import type { ByteSource, ExternalFiles } from '../graph/onnx/byte-source.js';

/** A model's own file and those beside it, open for reading piece by piece. */
export interface ModelFiles {
  readonly own: ByteSource;
  /**
   * The file at a location that the model gives. It must lie in the model's folder or below it: locations that are absolute, contain
   * `..` or lead outside through a symbolic link are refused, so that a model from a stranger cannot have other files read.
   * @throws GauntletError MODEL_NOT_FOUND when it cannot be read; MODEL_INVALID for a location outside the folder.
   */
  readonly beside: ExternalFiles;
  /**
   * SHA-256 of the model's file alone or, where there are other files, of a list of that and of the name and SHA-256 of every one of
   * them (whole files, in the order given). Reads as a stream.
   */
  hash(locations: readonly string[]): Promise<string>;
  readonly close: () => void;
}

/** @throws GauntletError MODEL_NOT_FOUND. */
export function openModelFiles(path: string): ModelFiles {
  const open = new Map<string, OpenFile>();
  const opened = (file: string, described: string): OpenFile => {
    const known = open.get(file);
    if (known !== undefined) return known;
    const found = openFile(file, described);
    open.set(file, found);
    return found;
  };
  const close = (): void => {
    for (const { descriptor } of open.values()) closeSync(descriptor);
    open.clear();
  };
  return {
    own: opened(path, path),
    beside: (location) =>
      opened(confined(path, location), `${path}: tensors are stored in ${location}, which`),
    async hash(locations) {
      const own = await hashFile(path);
      if (locations.length === 0) return own;
      const others: string[] = [];
      for (const location of locations)
        others.push(JSON.stringify([location, await hashFile(confined(path, location))]));
      return sha256([own, ...others].join('\n'));
    },
    close,
  };
}

/** Path of a file the model at `path` names, if it is in the model's folder. */
function confined(path: string, location: string): string {
  const outside = (how: string): GauntletError =>
    new GauntletError(
      'MODEL_INVALID',
      `${path}: tensors are stored in ${JSON.stringify(location)}, which ${how} the model's folder`,
      {
        help: "Put the file into the model's own folder and export the model with its bare name as location.",
      },
    );
  const absolute = isAbsolute(location) || win32.isAbsolute(location) || /^[A-Za-z]:/.test(location);
  if (absolute || location.split(/[/\\]/).includes('..')) throw outside('points outside');
  const folder = realpathSync(dirname(path));
  let real: string;
  try {
    real = realpathSync(join(folder, location));
  } catch (error) {
    throw missing(`${path}: tensors are stored in ${location}, which cannot be read`, error);
  }
  const way = relative(folder, real);
  if (isAbsolute(way) || way.split(sep)[0] === '..') throw outside('is a link that leads outside');
  return real;
}

interface OpenFile extends ByteSource {
  readonly descriptor: number;
}

/** Most bytes that one call of the system reads. */
const LONGEST_READ = 2 ** 30;

function openFile(path: string, described: string): OpenFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw missing(`${described} cannot be opened`, error);
  }
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new GauntletError('MODEL_NOT_FOUND', `${described} is not a file`);
  }
  const read = (offset: number, length: number): Uint8Array => {
    // Memory of its own, aligned for every element type, and freed as soon as this one tensor is.
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length;) {
      const got = readSync(descriptor, bytes, at, Math.min(length - at, LONGEST_READ), offset + at);
      if (got === 0)
        throw new GauntletError('MODEL_UNREADABLE', `${described} became shorter while it was read`);
      at += got;
    }
    return bytes;
  };
  return { descriptor, size: stat.size, read };
}

const missing = (problem: string, cause: unknown): GauntletError =>
  new GauntletError('MODEL_NOT_FOUND', `${problem}: ${messageOf(cause)}`, { cause });

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    throw missing(path, error);
  }
  return hash.digest('hex');
}
