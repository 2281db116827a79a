import { exampleSize, type Batch } from '../tensor/batch.js';
import type { Progress } from './problem.js';

/** The best candidate found so far for each example of a batch; the clean example until one is offered. */
export class Candidates {
  /** Laid out like the batch: what the attack proposes. */
  readonly data: Float32Array;
  readonly #size: number;
  readonly #best: Progress[];

  constructor(clean: Batch) {
    this.data = clean.data.slice();
    this.#size = exampleSize(clean);
    this.#best = clean.keys.map(() => ({ reached: false, margin: -Infinity }));
  }

  /** Keeps the candidate if it is better: one that reaches the goal before one that does not, then the larger margin. */
  offer(row: number, candidate: Float32Array, progress: Progress): void {
    const best = this.#best[row]!;
    const better = progress.reached === best.reached ? progress.margin > best.margin : progress.reached;
    if (better) this.replace(row, candidate, progress);
  }

  /** Keeps the candidate whatever was there before. */
  replace(row: number, candidate: Float32Array, progress: Progress): void {
    this.data.set(candidate, row * this.#size);
    this.#best[row] = progress;
  }

  /** Rows without a candidate that reaches the goal. */
  get unsolved(): number[] {
    return [...this.#best.keys()].filter((row) => !this.#best[row]!.reached);
  }
}
