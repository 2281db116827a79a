import { describe, expect, it } from '@jest/globals';
import { runnerOf } from '../../../src/engine/runner.js';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { float, int, string, type Attributes, type GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../src/graph/ir.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { floatTensor, intTensor } from '../../../src/tensor/tensor.js';
import { gradientAt } from './gradient-at.js';
import { buildFunction, engine } from './gradient-check.js';

/** Gradient of the sum of the outputs, weighted 1, 2, 3, ..., of a function of one row of `size` elements. */
async function credits(
  size: number,
  build: (builder: GraphBuilder) => string,
  outputs: number,
): Promise<number[]> {
  const weights = Array.from({ length: outputs }, (_, i) => i + 1);
  const x = {
    dims: [1, size],
    values: weights.slice(0, size).concat(new Array<number>(size).fill(0)).slice(0, size),
  };
  return (await gradientAt({ x }, build, [1, outputs], weights))['x']!;
}

describe('an element copied by padding receives the gradients of all its copies', () => {
  const pad = (mode: string, before: number, after: number) => (builder: GraphBuilder) =>
    builder.add('Pad', ['x', builder.ints([0, before, 0, after])], { mode: string(mode) });

  // Weights of the padded line are 1, 2, 3, ...
  it.each([
    ['constant', 2, 1, [3, 4, 5]],
    ['edge', 2, 1, [1 + 2 + 3, 4, 5 + 6]],
    // c b a b c b: the line without its ends, there and back.
    ['reflect', 2, 1, [3, 2 + 4 + 6, 1 + 5]],
    // Of the line a b c, only b c is left, and c stands at the end three times.
    ['edge', -1, 2, [0, 1, 2 + 3 + 4]],
    ['reflect', -1, 1, [0, 1 + 3, 2]],
    ['constant', -1, 2, [0, 1, 2]],
    ['edge', 0, -1, [1, 2, 0]],
  ])('in mode %s, %i before and %i after', async (mode, before, after, expected) => {
    expect(await credits(3, pad(mode, before, after), 3 + before + after)).toEqual(expected);
  });
});

describe('taking elements returns to each the gradients of its takings', () => {
  const slice =
    (...bounds: number[]) =>
    (builder: GraphBuilder) =>
      builder.add('Slice', [
        'x',
        ...[bounds[0]!, bounds[1]!, 1, bounds[2]!].map((value) => builder.ints([value])),
      ]);
  const gather = (indices: number[], runTime: boolean) => (builder: GraphBuilder) => {
    const constant = builder.initializer('indices', intTensor(indices));
    // What follows the batch is only known at run time, though it adds nothing here.
    const batch = builder.add('Shape', ['x'], { start: int(0), end: int(1) });
    const unknown = builder.add('Add', [constant, builder.add('Mul', [batch, builder.ints([0])])]);
    return builder.add('Gather', ['x', runTime ? unknown : constant], { axis: int(1) });
  };

  it.each([
    ['backwards', slice(-1, -100, -1), 5, [5, 4, 3, 2, 1]],
    ['backwards in steps', slice(100, 0, -2), 2, [0, 0, 2, 0, 1]],
    ['in steps that leave out the end', slice(0, 4, 3), 2, [1, 0, 0, 2, 0]],
    ['from beyond one end to beyond the other', slice(-100, 2 ** 40, 1), 5, [1, 2, 3, 4, 5]],
    ['by constant indices', gather([4, -1, 0, 4], false), 4, [3, 0, 0, 0, 1 + 2 + 4]],
    ['by indices of which none is taken twice', gather([3, 1], false), 2, [0, 2, 0, 1, 0]],
    ['neighbours, and nothing else', gather([2, 3], false), 2, [0, 0, 1, 2, 0]],
    ['by indices known at run time', gather([4, -1, 0, 4], true), 4, [3, 0, 0, 0, 1 + 2 + 4]],
  ])('%s', async (_, build, outputs, expected) => {
    expect(await credits(5, build, outputs)).toEqual(expected);
  });

  it('to every tile', async () => {
    const tile = (builder: GraphBuilder) => builder.add('Tile', ['x', builder.ints([1, 3])]);
    expect(await credits(2, tile, 6)).toEqual([1 + 3 + 5, 2 + 4 + 6]);
  });
});

describe('resizing returns to each element the gradients of those it was interpolated to', () => {
  const resize = (scale: number, attributes: Attributes) => (builder: GraphBuilder) =>
    builder.add(
      'Resize',
      ['x', '', builder.initializer('scales', floatTensor(Float32Array.of(1, scale), [2]))],
      attributes,
    );
  const nearest = (mode: string): Attributes => ({
    nearest_mode: string(mode),
    coordinate_transformation_mode: string('half_pixel'),
  });

  // Halved, an output lies half-way between two elements, at 0.5 and at 2.5.
  it.each([
    ['round_prefer_floor', [1, 0, 2, 0]],
    ['round_prefer_ceil', [0, 1, 0, 2]],
    ['floor', [1, 0, 2, 0]],
    ['ceil', [0, 1, 0, 2]],
  ])('nearest, half-way between two, %s', async (mode, expected) => {
    expect(await credits(4, resize(0.5, nearest(mode)), 2)).toEqual(expected);
  });

  it('linear, where what lies beyond the ends is the end', async () => {
    const linear = { mode: string('linear') };
    // Outputs at -0.25, 0.25, 0.75, 1.25.
    expect(await credits(2, resize(2, linear), 4)).toEqual([
      1 + 0.75 * 2 + 0.25 * 3,
      0.25 * 2 + 0.75 * 3 + 4,
    ]);
  });

  it('aligned at both corners', async () => {
    const aligned = { mode: string('linear'), coordinate_transformation_mode: string('align_corners') };
    // Outputs at 0, 1/2, 1, 3/2, 2, once with 5 of 3 elements.
    expect(await credits(3, resize(1.7, aligned), 5)).toEqual([1 + 1, 1 + 3 + 2, 2 + 5]);
  });

  it('whatever the scale where nothing is resized, since nothing is moved', async () => {
    expect(await credits(3, resize(1.25, { mode: string('linear') }), 3)).toEqual([1, 2, 3]);
  });
});

describe('a movement blocks the gradient, naming the operator and the reason', () => {
  const image: readonly Dimension[] = [BATCH, 1, 3, 4];
  const resize = (scales: readonly number[], attributes: Attributes) => (builder: GraphBuilder) => {
    const roi = builder.initializer('roi', floatTensor(Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1), [8]));
    const values = builder.initializer('scales', floatTensor(Float32Array.from(scales), [4]));
    return builder.add('Resize', ['x', roi, values], attributes);
  };

  it.each<[string, RegExp, (builder: GraphBuilder) => string]>([
    [
      'Resize that crops',
      /Resize.*coordinate_transformation_mode is "tf_crop_and_resize"/,
      resize([1, 1, 2, 2], {
        coordinate_transformation_mode: string('tf_crop_and_resize'),
        extrapolation_value: float(0),
      }),
    ],
    [
      'Resize that moves elements and keeps an axis as long as it was',
      /Resize.*the scale of axis 2 is not 1/,
      resize([1, 1, 1.25, 2], { mode: string('linear') }),
    ],
    [
      'Pad with a computed value',
      /Pad.*the padded value is not constant/,
      (b) =>
        b.add('Pad', [
          'x',
          b.ints([0, 0, 1, 0, 0, 0, 0, 0]),
          b.add('ReduceMean', ['x'], { keepdims: int(0) }),
        ]),
    ],
    [
      'ScatterElements that multiplies',
      /ScatterElements.*its reduction is "mul"/,
      (b) =>
        b.add(
          'ScatterElements',
          [
            'x',
            b.initializer('i', intTensor([0], [1, 1, 1, 1])),
            b.initializer('u', floatTensor(Float32Array.of(2), [1, 1, 1, 1])),
          ],
          { axis: int(3), reduction: string('mul') },
        ),
    ],
    [
      'Slice of some of the examples',
      /Slice.*its sliced axis depends on the batch size/,
      (b) => b.add('Slice', ['x', b.ints([0]), b.ints([1]), b.ints([0])]),
    ],
  ])('%s', async (_, message, build) => {
    const graph = buildFunction({ name: 'blocked', inputs: { x: { dims: image } }, build }, [], {});
    const shapes = await inferShapes(graph, runnerOf(engine));
    const request = { cotangents: { [graph.outputs[0]!.name]: 'x' }, withRespectTo: ['x'] };
    expect(() => differentiate(graph, shapes, request)).toThrow(
      expect.objectContaining({
        key: 'GRADIENT_BLOCKED',
        message: expect.stringMatching(message) as unknown,
      }),
    );
  });
});
