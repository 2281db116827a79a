import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatNpy, parseNpy } from '../../src/data/npy.js';
import { readNpz, writeNpz } from '../../src/data/npz.js';
import { floatTensor, intTensor, type Tensor } from '../../src/tensor/tensor.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** An .npy file with a header of our own making. */
function npy(header: string, values: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
  return Uint8Array.of(0x93, ...text('NUMPY'), version, 0, ...length, ...text(header), ...values);
}

const tensors: fc.Arbitrary<Tensor> = fc.oneof(
  fc.float32Array({ maxLength: 12 }).map((data) => ({ type: 'float32' as const, dims: [data.length], data })),
  fc
    .float64Array({ maxLength: 6 })
    .map((data) => ({ type: 'float64' as const, dims: [1, data.length], data })),
  fc
    .uint8Array({ maxLength: 9 })
    .map((data) => ({ type: 'uint8' as const, dims: [data.length, 1, 1], data })),
  fc.int32Array({ maxLength: 9 }).map((data) => ({ type: 'int32' as const, dims: [data.length], data })),
  fc.bigInt64Array({ maxLength: 5 }).map((data) => ({ type: 'int64' as const, dims: [data.length], data })),
  fc.double().map((value) => ({ type: 'float64' as const, dims: [], data: Float64Array.of(value) })),
);

describe('an .npy array', () => {
  it('survives writing and reading, whatever its type and shape', () => {
    fc.assert(fc.property(tensors, (tensor) => expect(parseNpy(formatNpy(tensor), 'a')).toEqual(tensor)));
  });

  it('has the bytes numpy.save writes', () => {
    // numpy.save of np.array([[1, 2]], dtype='<i4')
    const header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }".padEnd(117) + '\n';
    const expected = npy(header, Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0));
    expect(formatNpy({ type: 'int32', dims: [1, 2], data: Int32Array.of(1, 2) })).toEqual(expected);
    expect(expected.length - 8).toBe(128);
  });

  it('is read in format version 2 and at an odd offset too', () => {
    const bytes = npy(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
      Uint8Array.of(0, 0, 128, 63),
      2,
    );
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(parseNpy(shifted.subarray(1), 'a')).toEqual(floatTensor(Float32Array.of(1), [1]));
  });

  it.each([
    ['no .npy at all', text('hello, this is text'), 'not an .npy array'],
    ['a truncated header', npy('x'.repeat(40)).subarray(0, 20), 'truncated'],
    ['a header of another kind', npy('{}'), 'header cannot be read'],
    ['big-endian values', npy("{'descr': '>f4', 'fortran_order': False, 'shape': (0,), }"), '>f4'],
    ['objects', npy("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }"), '|O'],
    ['Fortran order', npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }"), 'Fortran'],
    [
      'missing values',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", new Uint8Array(8)),
      'needs 12 bytes, received 8',
    ],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => parseNpy(bytes, 'array `x`')).toThrow(
      expect.objectContaining({ key: 'DATA_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

describe('an .npz archive', () => {
  const arrays = {
    images: floatTensor(
      Float32Array.from({ length: 784 }, (_, i) => (i % 7) / 7),
      [1, 28, 28],
    ),
    labels: intTensor([3]),
  };

  it('gives its arrays back by name', () => {
    expect(Object.fromEntries(readNpz(writeNpz(arrays)))).toEqual(arrays);
  });

  it('has the same bytes whenever and wherever it is written', () => {
    expect(writeNpz(arrays)).toEqual(writeNpz(arrays));
    // Offset 10 of a zip file is the time and date of its first entry: midnight, 1 January 1980.
    expect(Array.from(writeNpz(arrays).subarray(10, 14))).toEqual([0, 0, 0x21, 0]);
  });

  it('is compressed', () => {
    expect(writeNpz(arrays).length).toBeLessThan(800);
  });

  it('is refused by name when it is truncated', () => {
    expect(() => readNpz(writeNpz(arrays).subarray(0, 300), 'w.npz')).toThrow(
      expect.objectContaining({ key: 'DATA_INVALID', message: expect.stringContaining('w.npz') }),
    );
  });
});
