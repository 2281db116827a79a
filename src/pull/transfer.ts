import { open, rm, stat } from 'node:fs/promises';
import { messageOf } from '../errors.js';
import { writeError } from '../results/write-error.js';

/** A transfer that broke off or could not start; another attempt may do better. */
export class BrokenTransfer extends Error {}

/** The server has no such file, or will not give it. */
export class RefusedTransfer extends Error {}

/** States of a server that pass; any other failure is final. */
const PASSING = [408, 425, 429];

export interface TransferOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly stall: number;
  /** Called with the bytes on disk and the size the server announces, if it does. */
  readonly onBytes: (received: number, total: number | null) => void;
}

/**
 * Adds to a partial file what it lacks, in one request: from where it ends if the server can (HTTP range), else all of it anew.
 * What has arrived by the end of the request, however it ends, is on disk.
 * @throws BrokenTransfer, RefusedTransfer, GauntletError DISK_FULL or OUTPUT_UNWRITABLE, the signal's reason.
 */
export async function transfer(url: string, part: string, options: TransferOptions): Promise<void> {
  const { signal, stall, onBytes } = options;
  const silence = new AbortController();
  const wait = () => setTimeout(() => silence.abort(new Error(`no data for ${stall / 1000} s`)), stall);
  let timer = wait();
  try {
    const present = await sizeOf(part);
    const response = await fetch(url, {
      // Compression on the way would make byte ranges and hashes those of something else.
      headers: { 'accept-encoding': 'identity', ...(present > 0 && { range: `bytes=${present}-` }) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    const start = await acceptedStart(response, present, part);
    if (start === undefined) return;
    const length = Number(response.headers.get('content-length') ?? NaN);
    const total = Number.isFinite(length) ? start + length : null;
    const file = await open(part, start > 0 ? 'a' : 'w').catch((error: unknown) => {
      throw writeError(error, part);
    });
    try {
      let received = start;
      for await (const piece of response.body ?? []) {
        clearTimeout(timer);
        timer = wait();
        await file.write(piece as Uint8Array).catch((error: unknown) => {
          throw writeError(error, part);
        });
        received += (piece as Uint8Array).length;
        onBytes(received, total);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!isNetworkError(error) && !silence.signal.aborted) throw error;
    throw new BrokenTransfer(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Byte at which the body of a response begins; undefined when there is nothing to come.
 * @throws BrokenTransfer, RefusedTransfer
 */
async function acceptedStart(response: Response, present: number, part: string): Promise<number | undefined> {
  const { status, headers } = response;
  const range = headers.get('content-range') ?? '';
  if (status === 200) return 0;
  if (status === 206 && range.startsWith(`bytes ${present}-`)) return present;
  await response.body?.cancel();
  if (status === 416 && range === `bytes */${present}`) return undefined;
  if (status === 206 || status === 416) {
    // Whatever the partial file is, it is not the beginning of this one.
    await rm(part, { force: true });
    throw new BrokenTransfer(`the server does not have the rest of a file of ${present} bytes`);
  }
  const message = `the server answered ${status} ${response.statusText}`.trimEnd();
  throw status >= 500 || PASSING.includes(status)
    ? new BrokenTransfer(message)
    : new RefusedTransfer(message);
}

/** Bytes of a file; none when there is no file. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** fetch reports what the network does as a TypeError, with the reason as its cause. */
const isNetworkError = (error: unknown): boolean => (error as { name?: unknown }).name === 'TypeError';

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
}
