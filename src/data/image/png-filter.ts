/**
 * Undoes the filters of a pass of a PNG image (section 9): each line is a byte that names its filter, then `stride` bytes.
 * @param pixel bytes from one pixel to the next, at least 1.
 * @returns the lines without their first bytes, or undefined when one names a filter above 4.
 */
export function unfilter(data: Uint8Array, stride: number, pixel: number): Uint8Array | undefined {
  const height = data.length / (stride + 1);
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const source = y * (stride + 1);
    const filter = data[source]!;
    if (filter > 4) return undefined;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < pixel ? 0 : out[at - pixel]!;
      const above = y === 0 ? 0 : out[at - stride]!;
      let predicted = 0;
      if (filter === 1) predicted = left;
      else if (filter === 2) predicted = above;
      else if (filter === 3) predicted = (left + above) >> 1;
      else if (filter === 4) {
        const corner = x < pixel || y === 0 ? 0 : out[at - stride - pixel]!;
        predicted = paeth(left, above, corner);
      }
      // Sums are modulo 256, which a byte array does by itself.
      out[at] = data[source + 1 + x]! + predicted;
    }
  }
  return out;
}

/** Whichever neighbour is nearest to left + above - corner, ties in the order left, above, corner (9.4). */
function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove] = [Math.abs(above - corner), Math.abs(left - corner)];
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
