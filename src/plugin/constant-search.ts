const RISE = 10;

/**
 * Finds for one example the smallest weight of a penalty with which an attack still reaches its goal (Carlini, Wagner,
 * "Towards evaluating the robustness of neural networks", S&P 2017, section VI.A): ten times larger after each failure until
 * there was a success, then half way between the largest that failed and the smallest that did not.
 */
export class ConstantSearch {
  #constant: number;
  #failing = 0;
  #reaching = Infinity;

  /** @param first weight to begin with, greater than 0. */
  constructor(first: number) {
    this.#constant = first;
  }

  /** The weight to try. */
  get constant(): number {
    return this.#constant;
  }

  /** Takes what came of the weight, and sets the next one. */
  report(reached: boolean): void {
    if (reached) this.#reaching = Math.min(this.#reaching, this.#constant);
    else this.#failing = Math.max(this.#failing, this.#constant);
    this.#constant = this.#reaching < Infinity ? (this.#failing + this.#reaching) / 2 : RISE * this.#constant;
  }
}
