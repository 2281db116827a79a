import { rowOf, sliceRow, takeRows, withData, exampleSize, type LabelledBatch } from '../tensor/batch.js';
import { restrictProblem, type Problem } from './problem.js';

/**
 * The examples an attack still works on, with their current iterates, densely packed so that a pass costs only what they
 * need. An example leaves when it is fooled or stuck; the rest are packed again.
 *
 * A *position* counts the examples that are left; `rows[position]` is the example's row in the batch the attack was given.
 */
export class ActiveSet {
  #rows: readonly number[];
  #problem: Problem;
  #iterates: Float32Array;

  /**
   * Starts at the clean examples.
   * @param rows rows of the problem's batch to begin with.
   */
  constructor(problem: Problem, rows: readonly number[]) {
    this.#rows = rows;
    this.#problem = restrictProblem(problem, rows);
    this.#iterates = this.#problem.batch.data.slice();
  }

  get rows(): readonly number[] {
    return this.#rows;
  }

  /** The problem of the examples left; its batch is the clean one. */
  get problem(): Problem {
    return this.#problem;
  }

  /** The current iterates as a batch, not copied. */
  get iterates(): LabelledBatch {
    return withData(this.#problem.batch, this.#iterates);
  }

  /** The current iterate at a position: a view, to be written in place. */
  iterate(position: number): Float32Array {
    return sliceRow(this.#iterates, position, exampleSize(this.#problem.batch));
  }

  /** The clean example at a position: a view. */
  clean(position: number): Float32Array {
    return rowOf(this.#problem.batch, position);
  }

  /** Takes out the examples at these positions. */
  leave(positions: ReadonlySet<number>): void {
    if (positions.size === 0) return;
    const stay = [...this.#rows.keys()].filter((position) => !positions.has(position));
    this.#iterates = takeRows(this.#iterates, stay, exampleSize(this.#problem.batch));
    this.#problem = restrictProblem(this.#problem, stay);
    this.#rows = stay.map((position) => this.#rows[position]!);
  }
}
