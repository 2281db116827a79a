import { gzipSync } from 'node:zlib';

interface TarEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  /** `0` a file, `5` a folder, `2` a link, `x` and `L` names of the next entry. */
  readonly type?: string;
  readonly prefix?: string;
}

/** A tar archive (ustar). */
export function tarFile(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)]);
}

function tarEntry({ name, content = new Uint8Array(0), type = '0', prefix = '' }: TarEntry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'utf8');
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  header.write(' '.repeat(8), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** The same, gzipped. */
export const tarGzFile = (entries: readonly TarEntry[]): Buffer => gzipSync(tarFile(entries));
