import type { ConvexNorm, Vector } from './norms.js';

/**
 * The exact projection of a point of a box onto a hyperplane within the box: the shortest move along which a linear function
 * rises by a given amount (Croce and Hein, "Minimally distorted adversarial examples with a fast adaptive boundary attack",
 * ICML 2020, section 2.2). Computed in float64.
 *
 * Every coordinate moves the way that helps; what differs between the norms is how far. Linf moves all by the same amount and
 * L2 each in proportion to its weight, but none further than its wall; L1 moves the coordinate of largest weight to its wall,
 * then the next.
 *
 * Writes to `move`; where the box does not allow the rise, the furthest it allows. Coordinates of weight 0 stay.
 *
 * @param point within the box.
 * @param normal weights of the linear function, finite.
 * @param rise wanted change of normal . x, of either sign.
 * @returns the length of the move in the norm.
 */
export type HyperplaneMove = (
  point: Vector,
  normal: Vector,
  rise: number,
  lower: Vector,
  upper: Vector,
  move: Float64Array,
) => number;

/** Coordinates as seen from the point: rise per unit of move, and how far the move can go. Both at least 0. */
interface Terrain {
  readonly gain: Float64Array;
  readonly room: Float64Array;
}

/** Writes the moves' sizes, given the wanted rise as a positive number; returns their norm. */
type Sizes = (terrain: Terrain, rise: number, sizes: Float64Array) => number;

function projectionBy(sizesOf: Sizes): HyperplaneMove {
  return (point, normal, rise, lower, upper, move) => {
    const terrain = terrainOf(point, normal, rise, lower, upper);
    const length = sizesOf(terrain, rise < 0 ? -rise : rise, move);
    for (let i = 0; i < move.length; i++) if (normal[i]! > 0 !== rise > 0) move[i] = -move[i]!;
    return length;
  };
}

/** The shortest move in each norm. */
export const hyperplaneMove: Readonly<Record<ConvexNorm, HyperplaneMove>> = {
  linf: projectionBy(({ gain, room }, rise, sizes) => {
    const level = waterLevel({ gain, room }, rise, null);
    let longest = 0;
    for (let i = 0; i < sizes.length; i++) {
      const size = gain[i] === 0 ? 0 : room[i]! < level ? room[i]! : level;
      sizes[i] = size;
      if (size > longest) longest = size;
    }
    return longest;
  }),
  l2: projectionBy(({ gain, room }, rise, sizes) => {
    const level = waterLevel({ gain, room }, rise, gain);
    let squares = 0;
    for (let i = 0; i < sizes.length; i++) {
      const free = gain[i] === 0 ? 0 : gain[i]! * level;
      const size = room[i]! < free ? room[i]! : free;
      sizes[i] = size;
      squares += size * size;
    }
    return Math.sqrt(squares);
  }),
  l1: projectionBy(({ gain, room }, rise, sizes) => {
    const { threshold, left } = priceOf({ gain, room }, rise);
    let [rest, sum] = [left, 0];
    for (let i = 0; i < sizes.length; i++) {
      let size = gain[i]! > threshold ? room[i]! : 0;
      if (gain[i] === threshold && threshold > 0) {
        const needed = rest / threshold;
        size = room[i]! < needed ? room[i]! : needed;
        rest -= size * threshold;
        if (rest < 0) rest = 0;
      }
      sizes[i] = size;
      sum += size;
    }
    return sum;
  }),
};

function terrainOf(point: Vector, normal: Vector, rise: number, lower: Vector, upper: Vector): Terrain {
  const gain = new Float64Array(point.length);
  const room = new Float64Array(point.length);
  for (let i = 0; i < point.length; i++) {
    const weight = normal[i]!;
    const free = weight > 0 === rise > 0 ? upper[i]! - point[i]! : point[i]! - lower[i]!;
    gain[i] = weight < 0 ? -weight : weight;
    room[i] = free > 0 ? free : 0;
  }
  return { gain, room };
}

/**
 * The level t at which moves of min(room, speed x t) rise by `rise`; Infinity where they cannot. A coordinate that is at its
 * wall at one level is there at every higher one, so walls are taken out and the level raised until no more are reached.
 * @param speed null for 1 everywhere.
 */
function waterLevel({ gain, room }: Terrain, rise: number, speed: Float64Array | null): number {
  const open = new Int32Array(gain.length);
  let count = 0;
  for (let i = 0; i < gain.length; i++) if (gain[i]! > 0 && room[i]! > 0) open[count++] = i;
  let left = rise;
  let level = 0;
  for (;;) {
    let slope = 0;
    for (let k = 0; k < count; k++) {
      const i = open[k]!;
      slope += gain[i]! * (speed === null ? 1 : speed[i]!);
    }
    if (!(slope > 0)) return Infinity;
    // Of what is left next to nothing may be, by rounding, or less; the walls taken out stay reached.
    if (left > level * slope) level = left / slope;
    let stay = 0;
    for (let k = 0; k < count; k++) {
      const i = open[k]!;
      if (room[i]! < level * (speed === null ? 1 : speed[i]!)) left -= gain[i]! * room[i]!;
      else open[stay++] = i;
    }
    if (stay === count) return level;
    count = stay;
  }
}

/**
 * The weight down to which coordinates are used up, the largest first, and the rise that is left for those of exactly this
 * weight; 0 where all of them do not suffice. Found by partitioning, as in quickselect.
 */
function priceOf({ gain, room }: Terrain, rise: number): { threshold: number; left: number } {
  const order = new Int32Array(gain.length);
  let to = 0;
  for (let i = 0; i < gain.length; i++) if (gain[i]! > 0 && room[i]! > 0) order[to++] = i;
  let from = 0;
  let left = rise;
  let threshold = 0;
  while (from < to) {
    const pivot = gain[order[(from + to) >> 1]!]!;
    // [from, larger) above the pivot, [larger, smaller) at it, [smaller, to) below it.
    let [larger, smaller, k, above, level] = [from, to, from, 0, 0];
    while (k < smaller) {
      const i = order[k]!;
      const value = gain[i]!;
      if (value > pivot) {
        above += value * room[i]!;
        order[k++] = order[larger]!;
        order[larger++] = i;
      } else if (value < pivot) {
        order[k] = order[--smaller]!;
        order[smaller] = i;
      } else {
        level += value * room[i]!;
        k++;
      }
    }
    if (above >= left) {
      to = larger;
      threshold = pivot;
    } else if (above + level >= left) return { threshold: pivot, left: left - above };
    else {
      left -= above + level;
      from = smaller;
    }
  }
  // Everything is used up; or everything above the last pivot, by rounding, and there is next to nothing left for it.
  return { threshold, left: left > 0 ? left : 0 };
}
