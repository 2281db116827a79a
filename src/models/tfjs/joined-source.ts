import type { ByteSource } from '../../graph/onnx/byte-source.js';

/** Several sources of bytes read as one, in their order. */
export function joinedSource(parts: readonly ByteSource[]): ByteSource {
  const size = parts.reduce((total, part) => total + part.size, 0);
  return {
    size,
    read(offset, length) {
      const pieces: Uint8Array[] = [];
      let start = 0;
      for (const part of parts) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, start + part.size);
        if (from < to) pieces.push(part.read(from - start, to - from));
        start += part.size;
      }
      if (pieces.length === 1) return pieces[0]!;
      const joined = new Uint8Array(length);
      let at = 0;
      for (const piece of pieces) {
        joined.set(piece, at);
        at += piece.length;
      }
      return joined;
    },
  };
}
