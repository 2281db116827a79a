import { int, ints, type GraphBuilder } from '../../graph/builder.js';
import type { Graph } from '../../graph/ir.js';
import { DrawnLayers } from './layers.js';

const PATCH = 4;
const DIM = 192;
const HEADS = 3;
const HEAD_DIM = DIM / HEADS;
const DEPTH = 6;
const HIDDEN = 4 * DIM;
/** Patches of a 32x32 image and the class token. */
const TOKENS = (32 / PATCH) ** 2 + 1;
/** Xavier's gain relative to He's: projections are not followed by a rectifier. */
const LINEAR_GAIN = Math.SQRT1_2;

/**
 * A vision transformer for 32x32x3 images (Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", pre-norm): patches of
 * 4x4, width 192, 6 blocks, 3 heads, class token. GELU and attention are written out as exporters write them.
 */
export function vit(): Graph {
  const net = new DrawnLayers('vit');
  const { builder } = net;
  const patches = net.conv(net.input([3, 32, 32]), {
    ...{ channels: DIM, kernel: PATCH, stride: PATCH, padding: 0 },
    gain: LINEAR_GAIN,
  });
  const rows = builder.add('Reshape', [patches.value, builder.ints([0, DIM, TOKENS - 1])]);
  const sequence = builder.add('Transpose', [rows], { perm: ints([0, 2, 1]) });
  // A zero column of padding, then the class token in it: the export of `expand` and `cat`, without a batch-sized constant.
  const padded = builder.add('Pad', [sequence, builder.ints([0, 1, 0, 0, 0, 0])]);
  let x = builder.add('Add', [padded, net.constant('position', [1, TOKENS, DIM], 0.5)]);
  for (let i = 0; i < DEPTH; i++) {
    x = builder.add('Add', [x, attention(net, net.layerNorm(x, DIM))]);
    x = builder.add('Add', [x, feedForward(net, net.layerNorm(x, DIM))]);
  }
  const normed = net.layerNorm(x, DIM);
  const token = builder.add('Gather', [normed, scalarIndex(builder, 0)], { axis: int(1) });
  return net.finish(net.dense(token, DIM, 10), 10);
}

function attention(net: DrawnLayers, x: string): string {
  const { builder } = net;
  const projected = net.project(x, DIM, 3 * DIM, LINEAR_GAIN);
  const [q, k, v] = builder.addMany('Split', [projected, builder.ints([DIM, DIM, DIM])], 3, { axis: int(2) });
  const heads = (value: string, perm: readonly number[]) => {
    const split = builder.add('Reshape', [value, builder.ints([0, TOKENS, HEADS, HEAD_DIM])]);
    return builder.add('Transpose', [split], { perm: ints(perm) });
  };
  const scores = builder.add('MatMul', [heads(q!, [0, 2, 1, 3]), heads(k!, [0, 2, 3, 1])]);
  const scaled = builder.add('Mul', [scores, builder.scalar(HEAD_DIM ** -0.5)]);
  const weights = builder.add('Softmax', [scaled], { axis: int(-1) });
  const mixed = builder.add('MatMul', [weights, heads(v!, [0, 2, 1, 3])]);
  const joined = builder.add('Transpose', [mixed], { perm: ints([0, 2, 1, 3]) });
  const flat = builder.add('Reshape', [joined, builder.ints([0, TOKENS, DIM])]);
  return net.project(flat, DIM, DIM, LINEAR_GAIN);
}

function feedForward(net: DrawnLayers, x: string): string {
  return net.project(gelu(net.builder, net.project(x, DIM, HIDDEN, LINEAR_GAIN)), HIDDEN, DIM, LINEAR_GAIN);
}

/** x (1 + erf(x / sqrt 2)) / 2. */
function gelu(builder: GraphBuilder, x: string): string {
  const erf = builder.add('Erf', [builder.add('Div', [x, builder.scalar(Math.SQRT2)])]);
  const product = builder.add('Mul', [x, builder.add('Add', [erf, builder.scalar(1)])]);
  return builder.add('Mul', [product, builder.scalar(0.5)]);
}

const scalarIndex = (builder: GraphBuilder, index: number): string =>
  builder.initializer('index', { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(index)) });
