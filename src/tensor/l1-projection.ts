/**
 * Exact Euclidean projection onto the intersection of an L1 ball and a box (Croce and Hein, "Mind the box: l1-APGD for
 * sparse adversarial attacks on image classifiers", ICML 2021, proposition 2.2).
 *
 * Seen from the ball's center, coordinate i wants to move by `excess[i]` >= 0 and may move by `room[i]` >= 0. The
 * projection moves it by clamp(excess[i] - shift, 0, room[i]) with the smallest shift >= 0 for which the moves sum to at
 * most epsilon. That sum is a decreasing, piecewise linear function of the shift.
 */
const ITERATIONS = 200;

/** The sum of the moves and the (negated) slope of that sum at a shift. */
function movesAt(excess: Float64Array, room: Float64Array, shift: number): { sum: number; sliding: number } {
  let sum = 0;
  let sliding = 0;
  for (let i = 0; i < excess.length; i++) {
    const move = excess[i]! - shift;
    if (move <= 0) continue;
    if (move < room[i]!) {
      sum += move;
      sliding++;
    } else sum += room[i]!;
  }
  return { sum, sliding };
}

/**
 * The shift of the projection, 0 when no shift is needed. Newton steps, which end in the exact solution once they reach
 * its linear piece, inside a bracket that every third step halves; the end of the bracket that is returned is inside the
 * ball.
 */
export function l1Shift(excess: Float64Array, room: Float64Array, epsilon: number): number {
  let { sum, sliding } = movesAt(excess, room, 0);
  if (sum <= epsilon) return 0;
  let outside = 0;
  let inside = excess.reduce((largest, value) => Math.max(largest, value), 0);
  let shift = 0;
  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    const newton = shift + (sum - epsilon) / sliding;
    const bracketed = newton > outside && newton < inside && iteration % 3 !== 0;
    shift = bracketed ? newton : outside + (inside - outside) / 2;
    if (shift <= outside || shift >= inside) break;
    ({ sum, sliding } = movesAt(excess, room, shift));
    if (sum > epsilon) outside = shift;
    else inside = shift;
    if (sum <= epsilon && epsilon - sum <= 1e-14 * epsilon) break;
  }
  return inside;
}
