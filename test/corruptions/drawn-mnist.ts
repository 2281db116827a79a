/** What the published scripts' recorded draws are to `apply`, for the corruptions that only MNIST-C has. */
export const drawnOfMnist: Readonly<Record<string, (draws: ArrayLike<number>) => unknown>> = {
  rotate: (draws) => draws[0],
  shear: (draws) => draws[0],
  translate: (draws) => ({ horizontal: draws[0], vertical: draws[1] }),
  line: (draws) => ({
    from: { column: draws[0], row: draws[2] },
    to: { column: draws[1], row: draws[3] },
  }),
  dotted_line: (draws) => ({ start: draws[0], end: draws[1] }),
  zigzag: (draws) => ({ start: draws[0], descent: draws[1] }),
  pessimal_noise: (draws) => Float64Array.from(draws),
};
