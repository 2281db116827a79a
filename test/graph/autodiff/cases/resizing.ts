import { float, int, string, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { floatTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';

/** The coordinate transformations that a gradient passes. */
export const TRANSFORMATIONS = [
  ...['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric', 'tf_half_pixel_for_nn'],
  'half_pixel_symmetric',
] as const;
export const NEAREST_MODES = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const;

/** A Resize of channels and spatial axes, by scales or to sizes; the batch is left alone. */
export interface ResizeSpec {
  readonly name: string;
  readonly dims: readonly number[];
  readonly to: { readonly scales: readonly number[] } | { readonly sizes: readonly number[] };
  readonly attributes: Attributes;
}

export const resizing = ({ name, dims, to, attributes }: ResizeSpec): TestFunction => ({
  name: `Resize, ${name}`,
  inputs: { x: { dims: [BATCH, ...dims] } },
  build: (builder) => {
    if ('scales' in to) {
      const scales = floatTensor(Float32Array.of(1, ...to.scales), [dims.length + 1]);
      return builder.add('Resize', ['x', '', builder.initializer('scales', scales)], attributes);
    }
    const rows = builder.add('Shape', ['x'], { start: int(0), end: int(1) });
    const sizes = builder.add('Concat', [rows, builder.ints(to.sizes)], { axis: int(0) });
    return builder.add('Resize', ['x', '', '', sizes], attributes);
  },
});

const enlarged = { dims: [2, 3, 4], to: { scales: [1, 2, 1.5] } } as const;
const reduced = { dims: [1, 5, 6], to: { sizes: [1, 3, 4] } } as const;

/** Operators that interpolate between elements. */
export const resizingCases: readonly TestFunction[] = [
  ...TRANSFORMATIONS.flatMap((transformation) =>
    ['nearest', 'linear', 'cubic'].flatMap((mode) =>
      [enlarged, reduced].map((geometry) =>
        resizing({
          name: `${mode}, ${transformation}, to ${JSON.stringify(geometry.to)}`,
          ...geometry,
          attributes: { mode: string(mode), coordinate_transformation_mode: string(transformation) },
        }),
      ),
    ),
  ),
  ...NEAREST_MODES.map((mode) =>
    resizing({
      name: `nearest, ${mode}`,
      ...enlarged,
      attributes: { nearest_mode: string(mode), coordinate_transformation_mode: string('asymmetric') },
    }),
  ),
  resizing({
    name: 'of one axis, linear',
    dims: [2, 3],
    to: { scales: [1, 2] },
    attributes: { mode: string('linear') },
  }),
  resizing({
    name: 'of three axes, linear',
    dims: [2, 2, 3, 2],
    to: { scales: [1, 1.5, 2, 2.5] },
    attributes: { mode: string('linear') },
  }),
  resizing({
    name: 'channels last, linear',
    dims: [3, 4, 2],
    to: { scales: [2, 1.5, 1] },
    attributes: { mode: string('linear') },
  }),
  resizing({
    name: 'to one row, linear',
    dims: [1, 3, 3],
    to: { sizes: [1, 1, 5] },
    attributes: { mode: string('linear'), coordinate_transformation_mode: string('pytorch_half_pixel') },
  }),
  resizing({
    name: 'cubic, without what lies outside and with a coefficient of its own',
    dims: [1, 4, 5],
    to: { scales: [1, 1.5, 0.75] },
    attributes: { mode: string('cubic'), exclude_outside: int(1), cubic_coeff_a: float(-0.5) },
  }),
];
