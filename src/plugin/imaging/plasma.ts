import type { RandomStream } from '../../random/stream.js';

/** The range of the noise at the coarsest level, before it is multiplied by itself. */
const FIRST_WIBBLE = 100;

/**
 * What {@link plasma} adds at each place: uniforms in [-wibble, wibble), level by level, where wibble begins at 100 and is divided by
 * `decay` from one level to the next. `size * size - 1` numbers, for every place but the corner; of a level of n x n cells,
 * those of the cells' middles come first, then those of their top edges, then those of their left edges.
 */
export function plasmaNoise(random: RandomStream, size: number, decay: number): Float64Array {
  const noise = new Float64Array(size * size - 1);
  for (let cells = 1, start = 0, wibble = FIRST_WIBBLE; cells < size; cells *= 2, wibble /= decay) {
    const end = start + 3 * cells * cells;
    random.fillUniform(noise.subarray(start, end), -wibble, wibble);
    start = end;
  }
  return noise;
}

/**
 * A cloudy map of `size` x `size` (a power of two) in [0, 1], by the diamond-square algorithm (Fournier, Fussell, Carpenter,
 * "Computer rendering of stochastic models", CACM 25(6), 1982) on a torus: every level puts the mean of four neighbours and some
 * noise in the middles of its cells, then on their edges. As in the published scripts, the noise is multiplied by its wibble a second
 * time, so that it falls by the square of `decay` from level to level. The corner starts at 0; at the end the lowest
 * place becomes 0 and the highest 1.
 */
export function plasma(noise: Float64Array, size: number, decay: number): Float64Array {
  const map = new Float64Array(size * size);
  for (let cells = 1, start = 0, wibble = FIRST_WIBBLE; cells < size; cells *= 2, wibble /= decay) {
    const places = cells * cells;
    addMiddles(map, size, cells, noise.subarray(start, start + places), wibble);
    addEdges(map, size, cells, noise.subarray(start + places, start + 3 * places), wibble);
    start += 3 * places;
  }
  return stretched(map);
}

/** The square step: every cell's middle from its four corners. */
function addMiddles(
  map: Float64Array,
  size: number,
  cells: number,
  noise: Float64Array,
  wibble: number,
): void {
  const step = size / cells;
  const half = step / 2;
  for (let top = 0, i = 0; top < size; top += step) {
    const row = top * size;
    const below = ((top + step) % size) * size;
    const middle = (top + half) * size + half;
    for (let left = 0; left < size; left += step, i++) {
      const right = (left + step) % size;
      const sum = map[row + left]! + map[below + left]! + (map[row + right]! + map[below + right]!);
      map[middle + left] = sum / 4 + wibble * noise[i]!;
    }
  }
}

/** The diamond step: the middles of every cell's top and left edge, from the corners and cell middles beside them. */
function addEdges(map: Float64Array, size: number, cells: number, noise: Float64Array, wibble: number): void {
  const step = size / cells;
  const half = step / 2;
  const places = cells * cells;
  for (let top = 0, i = 0; top < size; top += step) {
    const row = top * size;
    const below = ((top + step) % size) * size;
    const middle = (top + half) * size;
    const above = ((top + size - half) % size) * size;
    for (let left = 0; left < size; left += step, i++) {
      const right = (left + step) % size;
      const center = left + half;
      const before = (left + size - half) % size;
      const onTop = map[middle + center]! + map[above + center]! + (map[row + left]! + map[row + right]!);
      const onLeft = map[middle + center]! + map[middle + before]! + (map[row + left]! + map[below + left]!);
      map[row + center] = onTop / 4 + wibble * noise[i]!;
      map[middle + left] = onLeft / 4 + wibble * noise[places + i]!;
    }
  }
}

/** The map with its values stretched to [0, 1], in place. */
function stretched(map: Float64Array): Float64Array {
  let lowest = Infinity;
  for (let i = 0; i < map.length; i++) if (map[i]! < lowest) lowest = map[i]!;
  let highest = 0;
  for (let i = 0; i < map.length; i++) {
    map[i]! -= lowest;
    if (map[i]! > highest) highest = map[i]!;
  }
  for (let i = 0; i < map.length; i++) map[i]! /= highest;
  return map;
}
