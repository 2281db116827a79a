import type { Node } from '../ir.js';
import { dependenciesOf } from '../topology.js';

/** Positions of the inputs whose values, not only whose shapes, decide the shape of an operator's outputs. */
const SHAPING: Readonly<Record<string, readonly number[]>> = {
  ...{
    ConstantOfShape: [0],
    Expand: [1],
    Reshape: [1],
    Tile: [1],
    CenterCropPad: [1],
    Unsqueeze: [1],
    Squeeze: [1],
  },
  ...{
    Slice: [1, 2, 3, 4],
    Pad: [1, 3],
    Split: [1],
    Resize: [1, 2, 3],
    Upsample: [1],
    TopK: [1],
    OneHot: [1],
  },
  ...{ Range: [0, 1, 2], Compress: [1], NonZero: [0], Unique: [0], NonMaxSuppression: [0, 1, 2, 3, 4] },
  ...{ MaxUnpool: [2], Col2Im: [1, 2], AffineGrid: [1] },
};

/** Operators that run a body, whose outputs may have any shape. */
const CONTROL_FLOW: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan']);

/** The inputs whose values decide the shape of the node's outputs. */
export function shapingInputs(node: Node): readonly string[] {
  if (node.domain !== '') return [];
  if (CONTROL_FLOW.has(node.op)) return dependenciesOf(node);
  const names = (SHAPING[node.op] ?? []).map((position) => node.inputs[position] ?? '');
  return names.filter((name) => name !== '');
}
