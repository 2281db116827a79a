import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, int, ints, string, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension, type Graph } from '../../../../src/graph/ir.js';
import { foldConstants } from '../../../../src/graph/passes/fold-constants.js';
import { upgradeOpset } from '../../../../src/graph/passes/upgrade-opset.js';
import { floatTensor } from '../../../../src/tensor/tensor.js';
import { difference, ops, run } from '../../../fixtures/engine.js';

/** A graph of one operator of a later set, with `outputs` outputs of undeclared shape. */
function graphOf(
  opset: number,
  op: string,
  others: (builder: GraphBuilder) => readonly string[],
  attributes: Attributes = {},
  { dims = [BATCH, 3, 5, 4] as readonly Dimension[], outputs = 1 } = {},
): Graph {
  const builder = new GraphBuilder({ name: op, opsets: { '': opset } });
  const x = builder.input('x', 'float32', dims);
  const names = builder.addMany(op, [x, ...others(builder)], outputs, attributes);
  return {
    ...builder.build(),
    outputs: names.map((name) => ({ name, type: 'float32', dims: [], undeclared: 'shape' })),
  };
}

/** Lowers and folds a graph, which must compute the same at every batch size; its operators. */
async function lowered(graph: Graph): Promise<string[]> {
  const upgraded = upgradeOpset(graph);
  expect(upgraded.opsets).toEqual({ '': 17 });
  const folded = await foldConstants(upgraded, run);
  for (const batch of [1, 4])
    for (const same of [upgraded, folded]) expect(await difference(same, graph, batch)).toBe(0);
  return ops(folded);
}

const pads =
  (...values: number[]) =>
  (builder: GraphBuilder) => [builder.ints(values)];
const padsOn = (values: number[], axes: number[]) => (builder: GraphBuilder) => [
  builder.ints(values),
  '',
  builder.ints(axes),
];
const scales =
  (...values: number[]) =>
  (builder: GraphBuilder) => [
    '',
    builder.initializer('scales', floatTensor(Float32Array.from(values), [values.length])),
  ];
const sizes =
  (...values: number[]) =>
  (builder: GraphBuilder) => ['', '', builder.ints(values)];

describe('a Pad of a later set is written in 17', () => {
  it.each([
    ['of some axes', graphOf(18, 'Pad', padsOn([1, 2, 0, 3], [2, -1]))],
    [
      'of some axes, with a value and cropping',
      graphOf(21, 'Pad', (b) => [b.ints([-1, 2]), b.scalar(3), b.ints([-2])]),
    ],
    ['of some axes, reflecting', graphOf(18, 'Pad', padsOn([2, 1], [-2]), { mode: string('reflect') })],
    ['of all axes', graphOf(25, 'Pad', pads(0, 0, 1, 2, 0, 0, 2, 1), { mode: string('edge') })],
  ])('%s', async (_, graph) => {
    expect(await lowered(graph)).toEqual(['Pad']);
  });

  it.each([
    ['around all axes', graphOf(19, 'Pad', pads(0, 1, 2, 4, 0, 0, 5, 1), { mode: string('wrap') }), 3],
    ['around some', graphOf(24, 'Pad', padsOn([1, 2], [-2]), { mode: string('wrap') }), 1],
    [
      'around what a negative amount leaves',
      graphOf(19, 'Pad', pads(0, 0, -1, 0, 0, 0, 3, 0), { mode: string('wrap') }),
      1,
    ],
  ])('wrapping %s', async (_, graph, gathers) => {
    // One Gather for each axis with constant places, and the name of the output.
    expect(await lowered(graph)).toEqual([...Array.from({ length: gathers }, () => 'Gather'), 'Identity']);
  });

  it('wrapping several times round', async () => {
    const graph = graphOf(19, 'Pad', pads(0, 7, 0, 4), { mode: string('wrap') }, { dims: [BATCH, 3] });
    const x = floatTensor(Float32Array.of(0, 1, 2), [1, 3]);
    const found = (await run(upgradeOpset(graph), { x }))[graph.outputs[0]!.name]!;
    expect([...found.data]).toEqual([2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });
});

describe('a CenterCropPad is written as a Pad', () => {
  it.each([
    ['by odd differences, cropping one axis and padding the other', [8, 1], [2, 3]],
    ['by odd differences the other way round', [2, 7], [-2, -1]],
    ['that keeps the size', [5], [2]],
  ])('%s', async (_, target, axes) => {
    const graph = graphOf(18, 'CenterCropPad', pads(...target), { axes: ints(axes) });
    expect(await lowered(graph)).toEqual(['Pad']);
  });

  it('of all axes of a weight', async () => {
    const graph = graphOf(18, 'CenterCropPad', pads(5, 2), {}, { dims: [2, 5] });
    expect(await lowered(graph)).toEqual(['Pad']);
  });
});

describe('a Split into a number of parts is written with their sizes', () => {
  it.each([
    ['equal', [BATCH, 6], 3, 1],
    ['the last one smaller', [BATCH, 7, 2], 3, -2],
    ['of which there is one', [BATCH, 3], 1, 1],
    ['along the last axis', [BATCH, 2, 5], 2, -1],
  ])('%s', async (_, dims, outputs, axis) => {
    const attributes = { num_outputs: int(outputs), axis: int(axis) };
    expect(await lowered(graphOf(18, 'Split', () => [], attributes, { dims, outputs }))).toEqual(['Split']);
  });

  it('of the batch, whatever its size', async () => {
    const attributes = { num_outputs: int(2) };
    const graph = graphOf(18, 'Split', () => [], attributes, { dims: [BATCH, 2], outputs: 2 });
    const upgraded = upgradeOpset(graph);
    for (const batch of [2, 3, 5]) expect(await difference(upgraded, graph, batch)).toBe(0);
  });
});

describe('a Resize of a later set is written in 17', () => {
  const linear = { mode: string('linear') };
  it.each([
    [
      'with scales of some axes',
      graphOf(18, 'Resize', scales(2, 1.5), { ...linear, axes: ints([2, -1]) }),
      ['Resize'],
    ],
    [
      'with defaults spelt out',
      graphOf(19, 'Resize', scales(1, 1, 2, 2), {
        antialias: int(0),
        keep_aspect_ratio_policy: string('stretch'),
      }),
      ['Resize'],
    ],
    // The batch stays to be read at run time.
    [
      'with sizes of some axes',
      graphOf(18, 'Resize', sizes(8, 3), { ...linear, axes: ints([-1, 2]) }),
      ['Shape', 'ScatterElements', 'Resize'],
    ],
  ])('%s', async (_, graph, expected) => {
    expect(await lowered(graph)).toEqual(expected);
  });

  it.each([
    ['antialiasing', { antialias: int(1), mode: string('linear') }],
    ['sizes that keep the proportions', { keep_aspect_ratio_policy: string('not_larger') }],
  ])('unless with %s', (_, attributes) => {
    const graph = graphOf(19, 'Resize', sizes(1, 3, 8, 8), attributes);
    expect(upgradeOpset(graph)).toBe(graph);
  });
});
