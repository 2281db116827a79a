/** Lengths of a step straight, diagonal and like a chess knight's, in the fixed point of 16 bits that OpenCV counts in. */
const UNIT = 65536;
const STRAIGHT = UNIT;
const DIAGONAL = Math.round(1.4 * UNIT);
const KNIGHT = Math.round(2.1969 * UNIT);
/** Further than any image is wide, and room to add to. */
const FAR = 2 ** 29;
/** Pixels that a step may reach beyond the image. */
const MARGIN = 2;

/**
 * The distance in pixels from each pixel to the nearest marked one (not 0), about as the crow flies: the shortest way in steps to
 * the 16 neighbours of a 5 x 5 mask. OpenCV's `distanceTransform` with `DIST_L2` and mask 5 of the inverted marks,
 * below 8192 pixels; without any mark every distance is at least that.
 *
 * G. Borgefors, "Distance transformations in digital images", CVGIP 34(3), 1986.
 */
export function distanceTransform(marks: Uint8Array, height: number, width: number): Float64Array {
  const stride = width + 2 * MARGIN;
  const steps = new Int32Array(stride * (height + 2 * MARGIN)).fill(FAR);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, place = at(y, 0, stride); x < width; x++, place++, i++) {
      steps[place] = marks[i] === 0 ? nearest(steps, place, stride, -1) : 0;
    }
  }
  const distances = new Float64Array(marks.length);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const place = at(y, x, stride);
      steps[place] = Math.min(steps[place]!, nearest(steps, place, stride, 1));
      distances[y * width + x] = steps[place] / UNIT;
    }
  }
  return distances;
}

const at = (y: number, x: number, stride: number): number => (y + MARGIN) * stride + x + MARGIN;

/** The shortest way by the half of the mask already visited: before a place in reading order (-1), or behind it (1). */
function nearest(steps: Int32Array, place: number, stride: number, side: 1 | -1): number {
  const row = place + side * stride;
  const further = row + side * stride;
  const knight = Math.min(steps[further - 1]!, steps[further + 1]!, steps[row - 2]!, steps[row + 2]!);
  const diagonal = Math.min(steps[row - 1]!, steps[row + 1]!);
  const straight = Math.min(steps[row]!, steps[place + side]!);
  return Math.min(knight + KNIGHT, diagonal + DIAGONAL, straight + STRAIGHT);
}
