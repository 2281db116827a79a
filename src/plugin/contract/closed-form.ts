import type { Vector } from '../../tensor/norms.js';
import type { Norm } from '../threat.js';

// Looked up once: in a test runner's sandbox every look-up of a global is slow.
const { abs, floor, min } = Math;

/** One example of a linear problem: how fast the lead of the label falls per unit of each coordinate, and the room there is. */
export interface LinearProblem {
  /** Lead of the label over the other class at the clean example. */
  readonly lead: number;
  /** Gain per coordinate: |weight|. */
  readonly gain: Float64Array;
  /** How far each coordinate can move in its useful direction within the input bounds. */
  readonly room: Float64Array;
}

/** The linear problem of one example under `lead(x) = weights . x + bias`. */
export function linearProblem(
  weights: Vector,
  bias: number,
  clean: Float32Array,
  lower: (i: number) => number,
  upper: (i: number) => number,
): LinearProblem {
  let lead = bias;
  const gain = new Float64Array(clean.length);
  const room = new Float64Array(clean.length);
  for (let i = 0; i < clean.length; i++) {
    lead += weights[i]! * clean[i]!;
    gain[i] = abs(weights[i]!);
    room[i] = weights[i]! > 0 ? clean[i]! - lower(i) : upper(i) - clean[i]!;
  }
  return { lead, gain, room };
}

/** Largest sum of gain x move with 0 <= move <= room and the norm of the moves at most epsilon. */
type LargestGain = (problem: LinearProblem, epsilon: number) => number;

const largestGain: Readonly<Record<Norm, LargestGain>> = {
  linf: ({ gain, room }, epsilon) => total(gain, (i) => min(room[i]!, epsilon)),
  /** The moves are min(room, gain x t) with t such that their length is epsilon (or everything is moved). */
  l2: ({ gain, room }, epsilon) => {
    const squaredLength = (t: number): number => {
      let sum = 0;
      for (let i = 0; i < gain.length; i++) {
        const free = gain[i]! * t;
        const move = free < room[i]! ? free : room[i]!;
        sum += move * move;
      }
      return sum;
    };
    const squared = epsilon * epsilon;
    let [low, high] = [0, 1];
    while (squaredLength(high) < squared && high < 1e12) high *= 2;
    for (let iteration = 0; iteration < 100 && high - low > 1e-15 * high; iteration++) {
      const middle = (low + high) / 2;
      if (squaredLength(middle) < squared) low = middle;
      else high = middle;
    }
    return total(gain, (i) => min(room[i]!, gain[i]! * low));
  },
  /** All on the most rewarding coordinate until its room is used, then the next. */
  l1: ({ gain, room }, epsilon) => {
    let left = epsilon;
    let sum = 0;
    for (const i of [...gain.keys()].sort((a, b) => gain[b]! - gain[a]!)) {
      const move = min(room[i]!, left);
      sum += gain[i]! * move;
      left -= move;
    }
    return sum;
  },
  /** The floor(epsilon) coordinates that reward a full move most. */
  l0: ({ gain, room }, epsilon) =>
    gain
      .map((value, i) => value * room[i]!)
      .sort((a, b) => b - a)
      .slice(0, floor(epsilon))
      .reduce((sum, value) => sum + value, 0),
};

/** The lowest lead the label can be brought to within epsilon: negative when the example can be fooled. */
export function lowestLead(norm: Norm, problem: LinearProblem, epsilon: number): number {
  return problem.lead - largestGain[norm](problem, epsilon);
}

/** The smallest epsilon at which the lead reaches zero; Infinity when it cannot within the room. */
export function smallestDistance(norm: Norm, problem: LinearProblem): number {
  let [low, high] = [0, problem.gain.length];
  if (lowestLead(norm, problem, high) > 0) return Infinity;
  for (let iteration = 0; iteration < 100 && high - low > 1e-15 * high; iteration++) {
    const middle = (low + high) / 2;
    if (lowestLead(norm, problem, middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}

function total(gain: Float64Array, move: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < gain.length; i++) sum += gain[i]! * move(i);
  return sum;
}
