/** A rectangle of pixels. */
export interface PixelWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** One channel of an image among its values: the pixel in row y and column x is value `offset + y * row + x * column`. */
export interface Plane {
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** The values in a window, row by row. */
export function readWindow(values: Float64Array, plane: Plane, window: PixelWindow): Float64Array {
  const out = new Float64Array(window.height * window.width);
  for (let y = 0, i = 0; y < window.height; y++) {
    let at = plane.offset + (window.top + y) * plane.row + window.left * plane.column;
    for (let x = 0; x < window.width; x++, at += plane.column) out[i++] = values[at]!;
  }
  return out;
}

/** Empties a window. @returns what was there, row by row */
function takeWindow(values: Float64Array, plane: Plane, window: PixelWindow): Float64Array {
  const taken = readWindow(values, plane, window);
  writeWindow(values, plane, window, new Float64Array(taken.length), 1);
  return taken;
}

/** Overwrites a window, row by row, with `scale` times the content. */
export function writeWindow(
  values: Float64Array,
  plane: Plane,
  window: PixelWindow,
  content: Float64Array,
  scale: number,
): void {
  for (let y = 0, i = 0; y < window.height; y++) {
    let at = plane.offset + (window.top + y) * plane.row + window.left * plane.column;
    for (let x = 0; x < window.width; x++, at += plane.column) values[at] = content[i++]! * scale;
  }
}

/** What a window of a perturbation is to become. */
export interface WindowShift {
  readonly to: PixelWindow;
  readonly from: PixelWindow;
  /** Laid out like `to`. */
  readonly bump: Float64Array;
  /** 1 or -1. */
  readonly sign: number;
  /** Squared norm that `to` receives on top of what both windows hold. */
  readonly spare: number;
}

/**
 * Empties the window `from` of a perturbation's plane and gives its norm, and the spare one, to the window `to`, which becomes
 * the bump plus its old content scaled to norm 1 (Andriushchenko et al. 2020, algorithm 3).
 */
export function shiftWindow(values: Float64Array, plane: Plane, shift: WindowShift): void {
  const { to, from, bump, sign, spare } = shift;
  // Emptied one after the other, what the windows have in common is counted once.
  const content = takeWindow(values, plane, to);
  const here = squareOf(content);
  const there = squareOf(takeWindow(values, plane, from));
  const scale = 1 / (1e-10 + Math.sqrt(here));
  for (let i = 0; i < content.length; i++) content[i] = sign * bump[i]! + content[i]! * scale;
  const square = squareOf(content);
  writeWindow(values, plane, to, content, square > 0 ? Math.sqrt((spare + here + there) / square) : 0);
}

function squareOf(values: Float64Array): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i]! * values[i]!;
  return square;
}
