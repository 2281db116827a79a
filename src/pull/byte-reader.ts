/** Reads a stream of pieces by numbers of bytes. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; fewer at the end of the stream. */
  async take(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    let at = 0;
    await this.pass(count, (piece) => {
      out.set(piece, at);
      at += piece.length;
    });
    return out.subarray(0, at);
  }

  /** Hands on the next `count` bytes piece by piece; how many there were. */
  async pass(count: number, use: (piece: Uint8Array) => unknown): Promise<number> {
    let passed = 0;
    while (passed < count) {
      if (this.#rest.length === 0) {
        const next: IteratorResult<Uint8Array, unknown> = await this.#pieces.next();
        if (next.done === true) break;
        this.#rest = next.value;
        continue;
      }
      const piece = this.#rest.subarray(0, count - passed);
      this.#rest = this.#rest.subarray(piece.length);
      await use(piece);
      passed += piece.length;
    }
    return passed;
  }
}
