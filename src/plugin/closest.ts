import { exampleSize, sliceRow, type Batch } from '../tensor/batch.js';

/**
 * The closest candidate found so far that reaches the goal, for each example of a batch: what minimum-norm attacks keep.
 * Until there is one, the example's row of `data` is the clean example and its distance infinite.
 */
export class Closest {
  /** Laid out like the batch: what the attack proposes. */
  readonly data: Float32Array;
  /** Distance of each row's candidate, in the norm the attack minimises. */
  readonly distances: Float64Array;
  readonly #size: number;

  constructor(clean: Batch) {
    this.data = clean.data.slice();
    this.distances = new Float64Array(clean.keys.length).fill(Infinity);
    this.#size = exampleSize(clean);
  }

  /**
   * Keeps a candidate that reaches the goal if it is closer than the one kept.
   * @returns whether it was kept
   */
  offer(row: number, candidate: ArrayLike<number>, distance: number): boolean {
    if (!(distance < this.distances[row]!)) return false;
    this.data.set(candidate, row * this.#size);
    this.distances[row] = distance;
    return true;
  }

  /** View of a row's candidate. */
  candidate(row: number): Float32Array {
    return sliceRow(this.data, row, this.#size);
  }

  /** Whether a candidate that reaches the goal was found. */
  found(row: number): boolean {
    return this.distances[row]! < Infinity;
  }

  /** Rows without a candidate within `radius`. */
  beyond(radius: number): number[] {
    return [...this.distances.keys()].filter((row) => !(this.distances[row]! <= radius));
  }
}
