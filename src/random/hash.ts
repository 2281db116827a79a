/**
 * A 128-bit hash of a few numbers and a string, for keying random streams.
 *
 * A sponge over the permutation of Chaskey (Mouha et al., "Chaskey: An Efficient MAC Algorithm for 32-bit
 * Microcontrollers", SAC 2014): additions, rotations and exclusive-ors on four 32-bit words, which is what JavaScript
 * computes fast and identically on every machine.
 */

/** Rounds of the permutation; the paper's conservative variant (Chaskey-12). */
const ROUNDS = 12;

/** First 128 bits of the fraction of pi: the permutation maps zero to zero, so the start must not be zero. */
const START = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;

/** Four 32-bit words. */
export type HashState = Int32Array;

export function startHash(): HashState {
  return Int32Array.from(START);
}

/**
 * Mixes the numbers (all 64 bits of each; -0 counts as 0) and the string (its UTF-16 units) into the state. Another number
 * of numbers, or a string that is a prefix of another, gives an unrelated state.
 */
export function absorb(state: HashState, numbers: readonly number[], text: string): void {
  const words = new Int32Array(4 * Math.ceil((2 + 2 * numbers.length + Math.ceil(text.length / 2)) / 4));
  const view = new DataView(words.buffer);
  numbers.forEach((value, i) => view.setFloat64(8 * i, value + 0, true));
  const tail = 8 * numbers.length;
  view.setInt32(tail, numbers.length, true);
  view.setInt32(tail + 4, text.length, true);
  for (let i = 0; i < text.length; i++) view.setUint16(tail + 8 + 2 * i, text.charCodeAt(i), true);

  for (let block = 0; block < words.length; block += 4) {
    for (let lane = 0; lane < 4; lane++) state[lane]! ^= view.getInt32(4 * (block + lane), true);
    permute(state);
  }
}

function permute(state: HashState): void {
  let [v0, v1, v2, v3] = state as unknown as [number, number, number, number];
  for (let round = 0; round < ROUNDS; round++) {
    v0 = (v0 + v1) | 0;
    v1 = rotate(v1, 5) ^ v0;
    v0 = rotate(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotate(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotate(v3, 13) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotate(v1, 7) ^ v2;
    v2 = rotate(v2, 16);
  }
  state[0] = v0;
  state[1] = v1;
  state[2] = v2;
  state[3] = v3;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
