/** Bytes that are read piece by piece: a file, or memory. */
export interface ByteSource {
  readonly size: number;
  /** A fresh array, or a view that stays valid, of `length` bytes from `offset`; both lie within the size. */
  read(offset: number, length: number): Uint8Array;
}

/** Reads the files that a model keeps its large tensors in, by the location the model gives. */
export type ExternalFiles = (location: string) => ByteSource;

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});
