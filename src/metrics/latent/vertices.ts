import type { Binarity } from './binarity.js';
import type { CodeBook } from './codes.js';
import type { LatentPoints } from './points.js';

const { sqrt } = Math;

/**
 * Per example, the Euclidean distance of its latent vector to the nearest word of the book. A word is the vertex whose
 * coordinate j is the mean of the mixture's component that its bit j names; distances are in standard deviations of each
 * coordinate, and constant coordinates do not count.
 * @param binarity the fit that the book's words were made with
 * @throws RangeError for an empty book
 */
export function distanceToBook(
  { z, width }: LatentPoints,
  { words }: CodeBook,
  { coordinates }: Binarity,
): Float64Array {
  if (words.length === 0) throw new RangeError('a code book without words has no nearest one');
  const scales = Float64Array.from(coordinates, ({ scale }) => (scale > 0 ? 1 / scale : 0));
  const vertices = words.map(({ word }) =>
    Float64Array.from(coordinates, ({ values }, j) => values[word[j] === '1' ? 1 : 0]),
  );
  return Float64Array.from({ length: z.length / width }, (_, i) => {
    let nearest = Infinity;
    for (const vertex of vertices) {
      let squares = 0;
      for (let j = 0; j < width; j++) squares += ((z[i * width + j]! - vertex[j]!) * scales[j]!) ** 2;
      if (squares < nearest) nearest = squares;
    }
    return sqrt(nearest);
  });
}
