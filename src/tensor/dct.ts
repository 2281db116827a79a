import type { Vector } from './norms.js';

/** Where value (channel, row, column) of an image stands. */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly at: (channel: number, row: number, column: number) => number;
}

/** Orthonormal directions of the input space. */
export interface Basis {
  readonly count: number;
  /** Adds `length` times direction `index` to the point, in place. */
  add(index: number, length: number, point: Vector): void;
}

/** One direction per coordinate. */
export function coordinateBasis(size: number): Basis {
  return {
    count: size,
    add: (index, length, point) => {
      point[index]! += length;
    },
  };
}

/**
 * The lowest frequencies of the two-dimensional discrete cosine transform (DCT-II, orthonormal) of each channel.
 * @param share of the frequencies along each axis, in (0, 1]; at least one is kept.
 */
export function cosineBasis({ channels, height, width, at }: Planes, share: number): Basis {
  const [rows, columns] = [waves(height, share), waves(width, share)];
  const perChannel = rows.length * columns.length;
  return {
    count: channels * perChannel,
    add: (index, length, point) => {
      const channel = Math.floor(index / perChannel);
      const down = rows[Math.floor((index % perChannel) / columns.length)]!;
      const along = columns[index % columns.length]!;
      for (let y = 0; y < height; y++) {
        const scale = length * down[y]!;
        for (let x = 0; x < width; x++) point[at(channel, y, x)]! += scale * along[x]!;
      }
    },
  };
}

/** The first orthonormal cosine waves over n samples. */
function waves(n: number, share: number): Float64Array[] {
  return Array.from({ length: Math.max(1, Math.ceil(share * n)) }, (_, frequency) =>
    Float64Array.from(
      { length: n },
      (_value, i) =>
        Math.sqrt((frequency === 0 ? 1 : 2) / n) * Math.cos((Math.PI * (2 * i + 1) * frequency) / (2 * n)),
    ),
  );
}
