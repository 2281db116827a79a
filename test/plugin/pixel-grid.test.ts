import { describe, expect, it } from '@jest/globals';
import { pixelGridOf } from '../../src/plugin/pixel-grid.js';
import type { InputSpec } from '../../src/classifier/classifier.js';

const input = (layout: InputSpec['layout'], ...shape: number[]): InputSpec => ({
  ...{ shape, layout, bounds: [0, 1] },
});

describe('an input seen as an image', () => {
  it.each([
    ['channels first', input('NCHW', 3, 4, 5), { channels: 3, height: 4, width: 5 }, [20, 5, 1]],
    ['channels last', input('NHWC', 4, 5, 3), { channels: 3, height: 4, width: 5 }, [1, 15, 3]],
    ['a table', input('flat', 4, 5), { channels: 1, height: 4, width: 5 }, [20, 5, 1]],
    ['a flat square', input('flat', 784), { channels: 1, height: 28, width: 28 }, [784, 28, 1]],
    ['a flat colour square', input('flat', 3072), { channels: 3, height: 32, width: 32 }, [1024, 32, 1]],
    ['anything else flat', input('flat', 10), { channels: 1, height: 1, width: 10 }, [10, 10, 1]],
  ])('is %s', (_name, spec, size, [channel, row, column]) => {
    expect(pixelGridOf(spec)).toEqual({ ...size, strides: { channel, row, column } });
  });
});
