import { describe, expect, it } from '@jest/globals';
import { profileNetworks } from '../../src/bench/profile.js';
import { readTrace } from '../../src/bench/trace.js';

/** A trace as ONNX Runtime writes it, shortened to what is read. */
const event = (cat: string, name: string, ts: number, dur: number, args = {}) => ({
  cat,
  name,
  ts,
  dur,
  args,
});

const TRACE = [
  event('Session', 'session_initialization', 0, 90),
  event('Session', 'model_run', 100, 50),
  event('Node', 'relu_out_nchwc_kernel_time', 105, 20, {
    op_name: 'Conv',
    input_type_shape: [{ float: [2, 3, 8, 8] }, { float: [4, 3, 3, 3] }],
  }),
  event('Node', 'ReorderOutput_kernel_time', 130, 5, {
    op_name: 'ReorderOutput',
    input_type_shape: [{ float: [2, 4, 8, 8] }],
  }),
  event('Session', 'model_run', 200, 40),
  event('Node', 'relu_out_nchwc_fence_before', 201, 1, { op_name: 'Conv' }),
  event('Node', 'relu_out_nchwc_kernel_time', 205, 30, { op_name: 'Conv', input_type_shape: [] }),
];

describe('a trace', () => {
  it('is read as runs with their kernels, blocked layouts told apart', () => {
    const [first, second] = readTrace(JSON.stringify(TRACE));
    expect(first).toEqual({
      microseconds: 50,
      kernels: [
        {
          operator: 'Conv (NCHWc)',
          node: 'relu_out_nchwc',
          shapes: '[2,3,8,8] [4,3,3,3]',
          microseconds: 20,
        },
        { operator: 'ReorderOutput', node: 'ReorderOutput', shapes: '[2,4,8,8]', microseconds: 5 },
      ],
    });
    expect(second).toMatchObject({ microseconds: 40, kernels: [{ microseconds: 30 }] });
  });

  it.each(['', '{}', '[{'])('that is none, "%s", is an error', (text) => {
    expect(() => readTrace(text)).toThrow(expect.objectContaining({ key: 'INTERNAL' }));
  });
});

describe('the profile of a gradient pass', () => {
  it('says what its kernels take, most expensive first, in shares of the whole', async () => {
    const options = { only: ['mlp' as const], threads: 1, batchSize: 4, runs: 2 };
    const [profile, ...others] = await profileNetworks(options);
    expect(others).toEqual([]);
    expect(profile).toMatchObject({ id: 'mlp', threads: 1, batchSize: 4, runs: 2 });
    const { operators, nodes, outsideKernels, milliseconds } = profile!;
    // Four dense layers forward and four backward.
    const products = operators.filter(({ name }) => /Gemm|MatMul/.test(name));
    expect(products.reduce((sum, { count }) => sum + count, 0)).toBe(8);
    for (const list of [operators, nodes]) {
      const times = list.map((one) => one.milliseconds);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }
    expect(outsideKernels).toBeLessThan(milliseconds);
    for (const { share, milliseconds: ms } of operators) expect(share * milliseconds).toBeCloseTo(ms, 6);
  });
});
