import { open } from 'node:fs/promises';
import { GauntletError } from '../errors.js';
import { ByteReader } from './byte-reader.js';
import { entryPath } from './entry-file.js';

/** Blocks of the tar format (POSIX ustar). */
const BLOCK = 512;
/** Names and attributes of the next entry take this much at most; more is not a tar of files. */
const MOST_NAME = 2 ** 20;

/**
 * Unpacks the plain files of a tar stream (ustar, with the long names of pax and GNU).
 * @param archive how messages call it.
 * @throws GauntletError DATA_INVALID when it is truncated, damaged, or holds links or names that lead out of the folder.
 */
export async function unpackTar(
  pieces: AsyncIterable<Uint8Array>,
  folder: string,
  archive: string,
): Promise<void> {
  const reader = new ByteReader(pieces);
  const invalid = (reason: string): GauntletError =>
    new GauntletError('DATA_INVALID', `${archive} is a damaged tar archive: ${reason}.`);
  const take = async (count: number): Promise<Uint8Array> => {
    const bytes = await reader.take(count);
    if (bytes.length < count) throw invalid('it is truncated');
    return bytes;
  };
  let longName: string | undefined;
  for (;;) {
    const header = await take(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const { name, size, type } = parseHeader(header, invalid);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === 'L' || type === 'x') {
      if (size > MOST_NAME) throw invalid(`a name of ${size} bytes`);
      const content = text((await take(size + padding)).subarray(0, size));
      longName = type === 'L' ? content : (paxPath(content) ?? longName);
      continue;
    }
    if (type === '1' || type === '2') throw invalid(`${longName ?? name} is a link`);
    if (type === '0' || type === '' || type === '7') {
      const file = await open(entryPath(folder, longName ?? name, archive), 'w');
      try {
        const written = await reader.pass(size, (piece) => file.write(piece));
        if (written < size) throw invalid('it is truncated');
      } finally {
        await file.close();
      }
      await take(padding);
    } else await reader.pass(size + padding, () => Promise.resolve());
    longName = type === 'g' ? longName : undefined;
  }
}

interface Header {
  readonly name: string;
  readonly size: number;
  /** `0` or nothing: a file; `5` a folder; `1`, `2` links; `L`, `x` the name of the next entry; `g` attributes of all. */
  readonly type: string;
}

function parseHeader(header: Uint8Array, invalid: (reason: string) => GauntletError): Header {
  // The checksum counts its own eight bytes as blanks.
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (octal(header.subarray(148, 156)) !== sum) throw invalid('a header has the wrong checksum');
  const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
  const name = text(header.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: sizeOf(header.subarray(124, 136)),
    type: text(header.subarray(156, 157)),
  };
}

/** A size in octal digits or, if its first bit is set, in binary. */
function sizeOf(field: Uint8Array): number {
  if (field[0]! < 0x80) return octal(field);
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
}

const octal = (field: Uint8Array): number => parseInt(text(field).trim() || '0', 8);

/** Text up to the first zero byte. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** The path among pax records `LENGTH KEY=VALUE\n`. */
const paxPath = (records: string): string | undefined => /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records)?.[1];
