import { describe, expect, it } from '@jest/globals';
import { GraphBuilder, float, int } from '../../../src/graph/builder.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import { toFloat32 } from '../../../src/graph/passes/to-float32.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { run } from '../../fixtures/engine.js';
import { randomFloats } from '../../fixtures/graphs.js';

const half = (bits: number[]): Tensor => ({
  type: 'float16',
  dims: [bits.length],
  data: Uint16Array.from(bits),
});

describe('a graph brought to float32', () => {
  it('has the values of half-precision weights', () => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    // One, -2, the largest, the smallest normal, the smallest subnormal, minus zero, infinity, not a number.
    builder.initializer('w', half([0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0x7e00]));
    expect(toFloat32(builder.build()).initializers.get('w')).toEqual({
      type: 'float32',
      dims: [8],
      data: Float32Array.of(1, -2, 65504, 2 ** -14, 2 ** -24, -0, Infinity, NaN),
    });
  });

  it.each([
    ['half', 'float16', 10, half([0x3c00, 0x4000, 0xc200]), 4e-3],
    ['double', 'float64', 11, { type: 'float64', dims: [3], data: Float64Array.of(1, 2, -3) }, 1e-6],
  ] as const)('computes what it did in %s precision', async (_name, type, code, weights, tolerance) => {
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    const cast = builder.add('Cast', [builder.input('x', 'float32', ['N', 3])], { to: int(code) });
    const scaled = builder.add('Mul', [cast, builder.initializer('w', weights)]);
    const one = builder.add('ConstantOfShape', [builder.ints([1])], {
      value: { type: 'tensor', value: { ...weights, dims: [1], data: weights.data.slice(0, 1) } },
    });
    const leaky = builder.add('LeakyRelu', [builder.add('Add', [scaled, one])], { alpha: float(0.5) });
    builder.output(leaky, type, ['N', 3]);
    const before = builder.build();
    const after = toFloat32(before);

    const types = new Set([...(await inferShapes(after, run)).values()].map((value) => value.type));
    expect([...types].filter((found) => found !== 'int64')).toEqual(['float32']);
    const x = { type: 'float32', dims: [4, 3], data: randomFloats(1, 12) } as const;
    const [expected, actual] = [(await run(before, { x }))[leaky]!, (await run(after, { x }))[leaky]!];
    const exact = toFloat32({ ...before, initializers: new Map([['y', expected]]) }).initializers.get('y')!;
    Array.from(actual.data as Float32Array).forEach((value, i) =>
      expect(Math.abs(value - Number(exact.data[i]!))).toBeLessThanOrEqual(tolerance),
    );
  });

  it('reaches into branches', () => {
    const inner = new GraphBuilder({ name: 'then', opsets: { '': 17 } });
    inner.initializer('w', half([0x3c00]));
    const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
    builder.add('If', ['c'], { then_branch: { type: 'graph', value: inner.build() } });
    const branch = toFloat32(builder.build()).nodes[0]!.attributes['then_branch'];
    expect(branch?.type === 'graph' && branch.value.initializers.get('w')!.type).toBe('float32');
  });
});
