import { crc32, deflateSync } from 'node:zlib';

export interface PngSpec {
  readonly width: number;
  readonly height: number;
  /** Lines of the file: a filter byte, then filtered bytes; for all passes, one after the other. */
  readonly lines: Uint8Array;
  readonly depth?: number;
  readonly colourType?: number;
  readonly interlace?: number;
  readonly palette?: readonly number[];
}

/** A PNG file from its lines as they are stored. */
export function pngFile(spec: PngSpec): Uint8Array {
  const { width, height, lines, depth = 8, colourType = 0, interlace = 0, palette } = spec;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlace], 8);
  const pixels = deflateSync(lines);
  const half = pixels.length >> 1;
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    pngChunk('tEXt', Buffer.from('Comment\0says nothing of pixels')),
    ...(palette === undefined ? [] : [pngChunk('PLTE', Uint8Array.from(palette))]),
    pngChunk('IDAT', pixels.subarray(0, half)),
    pngChunk('IDAT', pixels.subarray(half)),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}

/** An unfiltered 8-bit PNG of interleaved grey or RGB bytes. */
export function plainPng(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const stride = pixels.length / height;
  const lines = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return pngFile({ width, height, lines, colourType: stride === width ? 0 : 2 });
}
