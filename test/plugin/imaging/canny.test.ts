import { describe, expect, it } from '@jest/globals';
import { cannyEdges } from '../../../src/plugin/imaging/canny.js';

const SIZE = 20;
const SETTINGS = { sigma: 1, low: 0.1, high: 0.2 };

/** Edges of a picture given by a function of column and row, as [column, row] pairs. */
function edgesOf(picture: (x: number, y: number) => number, size = SIZE): [number, number][] {
  const values = Float64Array.from({ length: size * size }, (_, i) =>
    picture(i % size, Math.floor(i / size)),
  );
  const edges = cannyEdges(values, size, size, SETTINGS);
  return Array.from(edges.entries()).flatMap(([i, edge]): [number, number][] =>
    edge === 1 ? [[i % size, Math.floor(i / size)]] : [],
  );
}

/** A step of the given height (it may depend on the row) between columns 9 and 10. */
const step = (height: (y: number) => number) => (x: number, y: number) => (x < 10 ? 0 : height(y));

/**
 * The Sobel gradient on either side of a step is 4 times what the Gaussian kernel holds at 0 and 1:
 * 4 (0.39894 + 0.24197) = 2.5636 of its height.
 */
const HEIGHT_OF = (gradient: number): number => gradient / 2.5636;

describe("Canny's edges", () => {
  it('of a flat picture are none, at its border neither', () => {
    expect(edgesOf(() => 0)).toEqual([]);
    expect(edgesOf(() => 1)).toEqual([]);
  });

  it('of a strong step are the pixels beside it, one at least in every row but the outermost', () => {
    const edges = edgesOf(step(() => 1));
    expect(edges.every(([x]) => x === 9 || x === 10)).toBe(true);
    expect([...new Set(edges.map(([, y]) => y))]).toEqual(Array.from({ length: SIZE - 2 }, (_, i) => i + 1));
  });

  it('are thin where the step is blurred, with its middle column alone', () => {
    const ramp = (x: number): number => [0, 0.1, 0.5, 0.9][x - 8] ?? (x < 8 ? 0 : 1);
    expect(new Set(edgesOf(ramp).map(([x]) => x))).toEqual(new Set([10]));
  });

  it('need a gradient of the high threshold somewhere', () => {
    expect(edgesOf(step(() => HEIGHT_OF(0.199)))).toEqual([]);
    expect(edgesOf(step(() => HEIGHT_OF(0.201)))).not.toEqual([]);
  });

  it('go on from there as long as the gradient is of the low threshold', () => {
    // From 0.24 in the first row down to 0.05 in the last: 0.1 is reached in row 14.
    const edges = edgesOf(step((y) => HEIGHT_OF(0.24 - 0.01 * y)));
    const rows = [...new Set(edges.map(([, y]) => y))];
    expect(rows).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
  });

  it('turn with the picture', () => {
    const blob = (x: number, y: number): number => Math.exp(-((x - 7.3) ** 2 + 2 * (y - 9.1) ** 2) / 20);
    const turned = edgesOf((x, y) => blob(y, x)).map(([x, y]): [number, number] => [y, x]);
    const byPlace = (edges: [number, number][]): string[] => edges.map(String).sort();
    expect(byPlace(turned)).toEqual(byPlace(edgesOf(blob)));
    expect(turned.length).toBeGreaterThan(10);
  });

  it('do not exist in pictures too small to have an inside', () => {
    expect(edgesOf((x) => x, 1)).toEqual([]);
    expect(edgesOf((x) => x, 2)).toEqual([]);
  });
});
