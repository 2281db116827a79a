import { edgeSources } from './edges.js';

/** tan(22.5 degrees) in fixed point, and how many bits it has. */
const TAN_22 = 13573;
const TAN_BITS = 15;

/** What a pixel is to the search along edges. */
const WEAK = 1;
const EDGE = 255;

/** Gradients toward the right and downward, and |dx| + |dy| in a frame of zeros one pixel wide. */
interface Gradients {
  readonly across: Int16Array;
  readonly down: Int16Array;
  readonly sizes: Int16Array;
}

/**
 * Canny's edges of one channel of levels (0 to 255): 255 where there is an edge, 0 elsewhere. As OpenCV finds them, in whole
 * numbers: Sobel gradients of 3 x 3 pixels with the edge pixels repeated, |dx| + |dy| as their size, thinned along four
 * directions, and followed from sizes above `high` through sizes above `low`. scikit-image's Canny is another one.
 *
 * J. Canny, "A computational approach to edge detection", IEEE PAMI 8(6), 1986.
 */
export function opencvCanny(
  levels: Uint8Array,
  height: number,
  width: number,
  low: number,
  high: number,
): Uint8Array {
  const { across, down, sizes } = sobel(levels, height, width);
  const stride = width + 2;
  const marks = new Uint8Array(levels.length);
  const ends: number[] = [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, place = (y + 1) * stride + 1; x < width; x++, place++, i++) {
      const size = sizes[place]!;
      if (size <= low || !isRidge(sizes, place, stride, across[i]!, down[i]!)) continue;
      marks[i] = size > high ? EDGE : WEAK;
      if (size > high) ends.push(i);
    }
  }
  follow(marks, ends, height, width);
  return marks;
}

/** Whether a gradient is the largest along its own direction, of the four that eight neighbours allow. */
function isRidge(sizes: Int16Array, place: number, stride: number, across: number, down: number): boolean {
  const size = sizes[place]!;
  const flat = Math.abs(across) * TAN_22;
  const steep = Math.abs(down) * 2 ** TAN_BITS;
  if (steep < flat) return size > sizes[place - 1]! && size >= sizes[place + 1]!;
  if (steep > flat + Math.abs(across) * 2 ** (TAN_BITS + 1))
    return size > sizes[place - stride]! && size >= sizes[place + stride]!;
  const side = (across ^ down) < 0 ? -1 : 1;
  return size > sizes[place - stride - side]! && size > sizes[place + stride + side]!;
}

/** Makes edges of the weak pixels that touch one, directly or through others, and nothing of the rest. */
function follow(marks: Uint8Array, ends: number[], height: number, width: number): void {
  for (let i = ends.pop(); i !== undefined; i = ends.pop()) {
    const y = Math.floor(i / width);
    const x = i % width;
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
        const neighbour = ny * width + nx;
        if (marks[neighbour] !== WEAK) continue;
        marks[neighbour] = EDGE;
        ends.push(neighbour);
      }
    }
  }
  for (let i = 0; i < marks.length; i++) if (marks[i] === WEAK) marks[i] = 0;
}

function sobel(levels: Uint8Array, height: number, width: number): Gradients {
  const across = new Int16Array(levels.length);
  const down = new Int16Array(levels.length);
  const sizes = new Int16Array((height + 2) * (width + 2));
  const rows = edgeSources(height, 1, 'nearest');
  const columns = edgeSources(width, 1, 'nearest');
  for (let y = 0, i = 0; y < height; y++) {
    const above = rows[y]! * width;
    const here = y * width;
    const below = rows[y + 2]! * width;
    const framed = (y + 1) * (width + 2) + 1;
    for (let x = 0; x < width; x++, i++) {
      const left = columns[x]!;
      const right = columns[x + 2]!;
      const falling = levels[below + right]! - levels[above + left]!;
      const rising = levels[above + right]! - levels[below + left]!;
      across[i] = falling + rising + 2 * (levels[here + right]! - levels[here + left]!);
      down[i] = falling - rising + 2 * (levels[below + x]! - levels[above + x]!);
      sizes[framed + x] = Math.abs(across[i]!) + Math.abs(down[i]!);
    }
  }
  return { across, down, sizes };
}
