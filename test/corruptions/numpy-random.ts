const WORDS = 624;
const SHIFT = 397;

/**
 * The numbers of `np.random.seed(seed)` as numpy's legacy generator gives them, for draws of a reference that were not
 * recorded: MT19937 (Matsumoto, Nishimura, ACM TOMACS 8(1), 1998), 53-bit doubles, normals by the polar method.
 */
export class NumpyRandom {
  readonly #state = new Uint32Array(WORDS);
  #next = WORDS;
  #spare: number | undefined;

  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < WORDS; i++) {
      const previous = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** `np.random.uniform(lower, upper, count)`. */
  uniforms(lower: number, upper: number, count: number): Float64Array<ArrayBuffer> {
    return Float64Array.from({ length: count }, () => lower + (upper - lower) * this.#double());
  }

  /** `np.random.normal(mean, deviation, count)`. */
  normals(mean: number, deviation: number, count: number): Float64Array<ArrayBuffer> {
    return Float64Array.from({ length: count }, () => mean + deviation * this.#gauss());
  }

  /** `np.random.randint(bound)`. */
  integer(bound: number): number {
    const mask = 2 ** (32 - Math.clz32(bound - 1)) - 1;
    if (bound === 1) return 0;
    for (;;) {
      const value = (this.#word() & mask) >>> 0;
      if (value < bound) return value;
    }
  }

  #gauss(): number {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) return spare;
    for (;;) {
      const first = 2 * this.#double() - 1;
      const second = 2 * this.#double() - 1;
      const square = first * first + second * second;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = scale * first;
      return scale * second;
    }
  }

  #double(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  #word(): number {
    if (this.#next === WORDS) this.#twist();
    let word = this.#state[this.#next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < WORDS; i++) {
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % WORDS]! & 0x7fffffff);
      state[i] = state[(i + SHIFT) % WORDS]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
