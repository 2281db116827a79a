import type { Vector } from './norms.js';

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
/** Keeps a coordinate without a gradient where it is. */
const SMALLEST_SCALE = 1e-8;

/**
 * Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1) with its customary decays
 * 0.9 and 0.999, for one vector; moments in float64.
 */
export class Adam {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #firstBias = 1;
  #secondBias = 1;

  /** @param size length of the vector. */
  constructor(size: number) {
    this.#first = new Float64Array(size);
    this.#second = new Float64Array(size);
  }

  /**
   * Moves `point`, in place, up the gradient.
   * @param rate length of the first step per coordinate, and about that of the later ones; negative to descend.
   */
  step(gradient: Vector, point: Vector, rate: number): void {
    const { sqrt } = Math;
    this.#firstBias *= FIRST_DECAY;
    this.#secondBias *= SECOND_DECAY;
    const [firstScale, secondScale] = [1 / (1 - this.#firstBias), 1 / (1 - this.#secondBias)];
    for (let i = 0; i < point.length; i++) {
      const slope = gradient[i]!;
      const first = FIRST_DECAY * this.#first[i]! + (1 - FIRST_DECAY) * slope;
      const second = SECOND_DECAY * this.#second[i]! + (1 - SECOND_DECAY) * slope * slope;
      this.#first[i] = first;
      this.#second[i] = second;
      point[i]! += (rate * (first * firstScale)) / (sqrt(second * secondScale) + SMALLEST_SCALE);
    }
  }
}
