/** Which side of a rectangle a twin bump divides: the upper and lower halves differ in sign, or the left and right ones. */
export type Division = 'rows' | 'columns';

/**
 * Two bumps side by side, one positive and one negative, of Euclidean norm 1 together: the update of Square Attack in L2
 * (Andriushchenko et al. 2020, equation 2: nested rectangles around each half's centre, the k-th of weight 1 / k^2).
 *
 * @returns `height x width` values, row by row
 */
export function twinBump(height: number, width: number, division: Division): Float64Array {
  const out = new Float64Array(height * width);
  const rows = division === 'rows';
  const [along, across] = rows ? [height, width] : [width, height];
  const half = Math.floor(along / 2);
  for (const [start, length, sign] of [
    [0, half, 1],
    [half, along - half, -1],
  ] as const) {
    const values = bump(length, across);
    values.forEach((value, i) => {
      const [place, other] = [start + Math.floor(i / across), i % across];
      out[rows ? place * width + other : other * width + place] = sign * value;
    });
  }
  return normalised(out);
}

function bump(height: number, width: number): Float64Array {
  const out = new Float64Array(height * width);
  const [middle, centre] = [Math.floor(height / 2), Math.floor(width / 2)];
  for (let ring = 0; ring < Math.max(middle, centre) + 1; ring++) {
    const [top, left] = [Math.max(middle - ring, 0), Math.max(centre - ring, 0)];
    const [bottom, right] = [Math.min(middle + ring + 1, height), Math.min(centre + ring + 1, width)];
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) out[row * width + column]! += 1 / (ring + 1) ** 2;
    }
  }
  return normalised(out);
}

function normalised(values: Float64Array): Float64Array {
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 ? values.map((value) => value / norm) : values;
}
