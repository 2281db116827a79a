import { describe, expect, it } from '@jest/globals';
import { runnerOf } from '../../../src/engine/runner.js';
import { differentiate, findBlockers } from '../../../src/graph/autodiff/differentiate.js';
import { straightThroughRules } from '../../../src/graph/autodiff/straight-through.js';
import { GraphBuilder, int, ints } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { floatTensor, type DataType, type Tensor } from '../../../src/tensor/tensor.js';
import { cases } from './cases/index.js';
import { anyShape, buildFunction, engine } from './gradient-check.js';
import { randomOf } from './random.js';
import { isWeight, sampleInputs } from './test-function.js';

const run = runnerOf(engine);

/** A function of one input x, `batch x 4`. */
type Build = (builder: GraphBuilder) => string;

function graphOf(build: Build): { graph: Graph; y: string } {
  const builder = new GraphBuilder({ name: 'test', opsets: { '': 17 } });
  builder.input('x', 'float32', [BATCH, 4]);
  const y = build(builder);
  builder.input('g', 'float32', [BATCH, 4]);
  return { graph: { ...builder.build(), outputs: [anyShape(y)] }, y };
}

/** Gradient of sum(g y) at one example, as (float32) numbers. */
async function gradientOf(
  build: Build,
  x: readonly number[],
  g: readonly number[],
  straightThrough = true,
): Promise<number[]> {
  const { graph, y } = graphOf(build);
  const shapes = await inferShapes(graph, run);
  const request = { cotangents: { [y]: 'g' }, withRespectTo: ['x'], straightThrough };
  const { graph: derived, gradients } = differentiate(graph, shapes, request);
  const gradient = gradients.get('x')!;
  const row = (values: readonly number[]) => floatTensor(Float32Array.from(values), [1, 4]);
  const results = await run({ ...derived, outputs: [anyShape(gradient)] }, { x: row(x), g: row(g) });
  expect(results[gradient]!.dims).toEqual([1, 4]);
  return Array.from(results[gradient]!.data as Float32Array);
}

async function blockersOf(build: Build, straightThrough = false) {
  const { graph, y } = graphOf(build);
  return findBlockers(graph, await inferShapes(graph, run), { from: 'x', to: y, straightThrough });
}

const whole = (b: GraphBuilder, type: DataType, data: Tensor['data'], dims: number[] = []): string =>
  b.initializer('whole', { type, dims, data });

const X = [-3.4, -0.2, 0.7, 120.6];
const G = [1, -2, 3, 0.5];

describe('straight-through gradients', () => {
  it.each(['Round', 'Floor', 'Ceil', 'Sign'])('%s passes them unchanged', async (op) => {
    expect(await gradientOf((b) => b.add(op, ['x']), X, G)).toEqual(G);
  });

  it('of Hardmax are those of Softmax', async () => {
    const found = await gradientOf((b) => b.add('Hardmax', ['x'], { axis: int(1) }), [0.1, -1, 0.4, 0.3], G);
    const soft = await gradientOf((b) => b.add('Softmax', ['x'], { axis: int(1) }), [0.1, -1, 0.4, 0.3], G);
    expect(found).toEqual(soft);
  });

  it('pass a quantised value where it was not saturated', async () => {
    const quantised = (b: GraphBuilder): string => {
      const [scale, zero] = [b.scalar(0.5), whole(b, 'uint8', Uint8Array.of(10))];
      return b.add('DequantizeLinear', [b.add('QuantizeLinear', ['x', scale, zero]), scale, zero]);
    };
    // 0..255 stands for -5..122.5; 122.6 still rounds to it, 123 does not.
    expect(await gradientOf(quantised, [-5.4, -5, 122.6, 123], G)).toEqual([0, -2, 3, 0]);
  });

  it('take unsigned codes around zero where no zero point is given', async () => {
    const quantised = (b: GraphBuilder): string =>
      b.add('DequantizeLinear', [b.add('QuantizeLinear', ['x', b.scalar(0.5)]), b.scalar(0.5)]);
    expect(await gradientOf(quantised, [-1, 0, 1, 200], G)).toEqual([0, -2, 3, 0]);
  });

  it('know scale and zero point of each channel, and follow integers that are moved', async () => {
    const quantised = (b: GraphBuilder): string => {
      const square = b.add('Reshape', ['x', b.ints([-1, 2, 2])]);
      const scale = b.initializer('scale', floatTensor(Float32Array.of(1, 0.01), [2]));
      const zero = whole(b, 'int8', Int8Array.of(0, 100), [2]);
      const code = b.add('QuantizeLinear', [square, scale, zero], { axis: int(1) });
      const turned = b.add('Transpose', [code], { perm: ints([0, 2, 1]) });
      const back = b.add('DequantizeLinear', [turned, scale, zero], { axis: int(2) });
      return b.add('Flatten', [b.add('Transpose', [back], { perm: ints([0, 2, 1]) })]);
    };
    // The first channel holds -128..127, the second -2.28..0.27.
    const found = await gradientOf(quantised, [127, 128, 0.27, 0.28], G);
    expect(found).toEqual([1, 0, expect.closeTo(3, 6), 0]);
  });

  it('pass a dynamically quantised value everywhere', async () => {
    const quantised = (b: GraphBuilder): string =>
      b.add('DequantizeLinear', b.addMany('DynamicQuantizeLinear', ['x'], 3));
    const found = await gradientOf(quantised, X, G);
    found.forEach((value, i) => expect(value).toBeCloseTo(G[i]!, 5));
  });

  it('pass through integers between two casts', async () => {
    const truncated: Build = (b) => b.add('Cast', [b.add('Cast', ['x'], { to: int(7) })], { to: int(1) });
    expect(await gradientOf(truncated, X, G)).toEqual(G);
  });

  it.each<[string, Build, readonly number[]]>([
    [
      'a choice between 1 and -1',
      (b) => b.add('Where', [b.add('Greater', ['x', b.scalar(0)]), b.scalar(1), b.scalar(-1)]),
      [2, -4, 6, 1],
    ],
    [
      'a choice the other way round',
      (b) => b.add('Where', [b.add('Less', ['x', b.scalar(0)]), b.scalar(-1), b.scalar(1)]),
      [2, -4, 6, 1],
    ],
    [
      'a truth value as a number',
      (b) => b.add('Cast', [b.add('Not', [b.add('Less', ['x', b.scalar(0)])])], { to: int(1) }),
      G,
    ],
  ])('of a comparison that nothing leads around: %s', async (_, build, expected) => {
    expect(await gradientOf(build, X, G)).toEqual(expected);
  });

  it('leave alone a comparison that an exact path leads around', async () => {
    const relu: Build = (b) =>
      b.add('Mul', ['x', b.add('Cast', [b.add('Greater', ['x', b.scalar(0)])], { to: int(1) })]);
    expect(await gradientOf(relu, X, G)).toEqual([0, -0, 3, 0.5]);
    const leaky: Build = (b) =>
      b.add('Where', [b.add('Greater', ['x', b.scalar(0)]), 'x', b.add('Mul', ['x', b.scalar(0.5)])]);
    expect(await gradientOf(leaky, X, G)).toEqual([0.5, -1, 3, 0.5]);
  });

  it.each(cases.map((fn) => [fn.name, fn] as const))('are the exact ones of %s', async (_, fn) => {
    const names = Object.keys(fn.inputs);
    const weights = names.filter((name) => isWeight(fn, name));
    const graph = buildFunction(fn, weights, sampleInputs(fn, 2, randomOf(1)));
    const shapes = await inferShapes(graph, run);
    const cotangents = Object.fromEntries(graph.outputs.map(({ name }) => [name, name]));
    const withRespectTo = names.filter(
      (name) => !weights.includes(name) && fn.inputs[name]!.type !== 'int64',
    );
    const [exact, straight] = [false, true].map((straightThrough) =>
      differentiate(graph, shapes, { cotangents, withRespectTo, straightThrough }),
    );
    expect(straight!.graph.nodes).toEqual(exact!.graph.nodes);
  });
});

describe('what blocks a gradient', () => {
  it.each(['Round', 'Floor', 'Ceil', 'Sign', 'Hardmax'])(
    '%s, unless straight-through gradients are asked for',
    async (op) => {
      const build: Build = (b) => b.add('Relu', [b.add(op, ['x'])]);
      expect(await blockersOf(build)).toEqual([
        { operator: op, node: op, reason: expect.any(String) as unknown, straightThroughPossible: true },
      ]);
      expect(await blockersOf(build, true)).toEqual([]);
      await expect(gradientOf(build, X, G, false)).rejects.toMatchObject({
        key: 'GRADIENT_BLOCKED',
        message: expect.stringMatching(
          new RegExp(`operator ${op} \\(node "${op}"\\).*--straight-through.*need no gradient`),
        ) as unknown,
      });
    },
  );

  it('is nothing in a network of exact operators', async () => {
    expect(await blockersOf((b) => b.add('Tanh', [b.add('Relu', ['x'])]))).toEqual([]);
  });

  it('is listed completely, in order, with what straight-through gradients would pass', async () => {
    const build: Build = (b) => {
      const rounded = b.add('Round', ['x']);
      const best = b.add('ArgMax', [rounded], { axis: int(1), keepdims: int(1) });
      const taken = b.add('GatherElements', [b.add('Sign', ['x']), best], { axis: int(1) });
      return b.add('Mul', [b.add('Floor', [taken]), b.scalar(2)]);
    };
    const found = await blockersOf(build);
    expect(found.map(({ operator }) => operator)).toEqual(
      expect.arrayContaining(['Round', 'ArgMax', 'Sign', 'Floor']),
    );
    expect(
      found.filter(({ straightThroughPossible }) => !straightThroughPossible).map(({ operator }) => operator),
    ).toContain('ArgMax');
    expect((await blockersOf(build, true)).map(({ operator }) => operator)).not.toContain('Round');
    await expect(gradientOf(build, X, G, false)).rejects.not.toThrow(/--straight-through/);
  });

  it.each<[string, Build]>([
    ['Greater', (b) => b.add('Where', [b.add('Greater', ['x', b.scalar(0)]), b.scalar(1), b.scalar(-1)])],
    ['GreaterOrEqual', (b) => b.add('Cast', [b.add('GreaterOrEqual', ['x', b.scalar(0)])], { to: int(1) })],
    ['Equal', (b) => b.add('Cast', [b.add('Equal', ['x', b.scalar(0)])], { to: int(1) })],
  ])('is a %s that nothing leads around', async (op, build) => {
    const possible = straightThroughRules.has(op);
    expect(await blockersOf(build)).toMatchObject([{ operator: op, straightThroughPossible: possible }]);
    await expect(gradientOf(build, X, G, false)).rejects.toThrow(new RegExp(`operator ${op} .*compares`));
    expect(await blockersOf(build, true)).toHaveLength(possible ? 0 : 1);
  });

  it('is not a shape: a result that does not depend on the input has a gradient of zeros', async () => {
    const shaped: Build = (b) => b.add('Expand', [b.scalar(3), b.add('Shape', ['x'])]);
    expect(await blockersOf(shaped)).toEqual([]);
    expect(await gradientOf(shaped, X, G, false)).toEqual([0, 0, 0, 0]);
  });
});
