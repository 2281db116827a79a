import { convolutionOps } from './convolution.js';
import { elementwiseOps } from './elementwise.js';
import { joiningOps } from './joining.js';
import { normalizationOps } from './normalization.js';
import type { OpLowering } from './operation.js';
import { poolingOps } from './pooling.js';
import { productOps } from './product.js';
import { sizeOps } from './sizes.js';
import { shapingOps } from './shaping.js';
import { slicingOps } from './slicing.js';
import { spatialOps } from './spatial.js';

/** Operations by family, for the documentation. */
export const opFamilies: Readonly<Record<string, Readonly<Record<string, OpLowering>>>> = {
  convolutions: convolutionOps,
  'matrix products': productOps,
  'element by element': elementwiseOps,
  normalization: normalizationOps,
  'pooling and reductions': poolingOps,
  shapes: shapingOps,
  sizes: sizeOps,
  parts: slicingOps,
  'joining and parting': joiningOps,
  'padding and resizing': spatialOps,
};

/** How to write each operation of TensorFlow graphs, by name; Const and Placeholder are the graph's. */
export const opLowerings: ReadonlyMap<string, OpLowering> = new Map(
  Object.values(opFamilies).flatMap((family) => Object.entries(family)),
);
