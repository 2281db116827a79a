/** Where the values of a picture stand in its example. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly at: (channel: number, row: number, column: number) => number;
}

/** A picture drawn smaller at some place of a black picture of the same size. */
export interface Placement {
  readonly planes: Planes;
  /** Of the smaller picture, in pixels, 1 to the picture's own. */
  readonly height: number;
  readonly width: number;
  /** Its first row and column. */
  readonly top: number;
  readonly left: number;
}

/** Calls `visit` with each value of the placed picture and the value of the picture that it shows (nearest neighbour). */
function forPlaced(
  { planes, height, width, top, left }: Placement,
  visit: (to: number, from: number) => void,
): void {
  const { channels, at } = planes;
  for (let y = 0; y < height; y++) {
    const sourceY = Math.floor((y * planes.height) / height);
    for (let x = 0; x < width; x++) {
      const sourceX = Math.floor((x * planes.width) / width);
      for (let channel = 0; channel < channels; channel++) {
        visit(at(channel, top + y, left + x), at(channel, sourceY, sourceX));
      }
    }
  }
}

/** The placed picture; `fill` is around it. */
export function placed(picture: Float32Array, placement: Placement, fill: number): Float32Array {
  const out = new Float32Array(picture.length).fill(fill);
  forPlaced(placement, (to, from) => (out[to] = picture[from]!));
  return out;
}

/** The transpose of `placed` (without its fill): a gradient at the placed picture becomes one at the picture. */
export function unplaced(gradient: Float32Array, placement: Placement): Float32Array {
  const out = new Float32Array(gradient.length);
  forPlaced(placement, (to, from) => (out[from]! += gradient[to]!));
  return out;
}

/**
 * The image convolved, channel by channel, with a Gaussian kernel of `size` taps and a standard deviation of size / 6 (the
 * kernel ends at three), normalised to one; zeros beyond the edges.
 * @param size odd
 */
export function gaussianSmoothed(image: Float32Array, planes: Planes, size: number): Float32Array {
  const radius = (size - 1) / 2;
  const deviation = size / 6;
  const taps = Float64Array.from({ length: size }, (_tap, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  taps.forEach((tap, i) => (taps[i] = tap / sum));
  const rows = convolved(image, planes, taps, 'x');
  return Float32Array.from(convolved(rows, planes, taps, 'y'));
}

/** One pass of a separable convolution. */
function convolved(
  image: Float32Array | Float64Array,
  { channels, height, width, at }: Planes,
  taps: Float64Array,
  axis: 'x' | 'y',
): Float64Array {
  const out = new Float64Array(image.length);
  const radius = (taps.length - 1) / 2;
  const [length, lines] = axis === 'x' ? [width, height] : [height, width];
  for (let channel = 0; channel < channels; channel++) {
    const place = (line: number, i: number) => (axis === 'x' ? at(channel, line, i) : at(channel, i, line));
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        let total = 0;
        for (let tap = 0; tap < taps.length; tap++) {
          const from = i + tap - radius;
          if (from >= 0 && from < length) total += taps[tap]! * image[place(line, from)]!;
        }
        out[place(line, i)] = total;
      }
    }
  }
  return out;
}
