import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesSource } from '../../../src/graph/onnx/byte-source.js';
import { openWeights } from '../../../src/models/tfjs/weights.js';
import { readManifest } from '../../../src/models/tfjs/weight-spec.js';
import { halfToNumber } from '../../../src/tensor/half.js';
import { tf } from '../../reference-tfjs/tfjs.js';

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength).slice();
const join = (...parts: ArrayBufferView[]): Uint8Array => Buffer.concat(parts.map(bytesOf));

/** Weights of a manifest whose files are in memory. */
function open(manifest: unknown, files: Readonly<Record<string, Uint8Array>>) {
  return openWeights(readManifest(manifest, 'm.json'), (path) => bytesSource(files[path]!), 'm.json');
}

/** One group of these weights in one file. */
const group = (weights: readonly object[], content: Uint8Array) =>
  open([{ paths: ['a.bin'], weights }], { 'a.bin': content });

describe('the weights of a TensorFlow.js model', () => {
  it('are read from several groups of several shards, wherever a shard ends', () => {
    const first = Float32Array.of(1, -2, 3.5, 4);
    const second = Int32Array.of(7, -8);
    const together = join(first, second);
    const third = Uint8Array.of(1, 0, 1);
    for (let cut = 0; cut <= together.length; cut++) {
      const weights = open(
        [
          {
            paths: ['a.bin', 'b.bin'],
            weights: [
              { name: 'first', shape: [2, 2], dtype: 'float32' },
              { name: 'second', shape: [2], dtype: 'int32' },
            ],
          },
          { paths: ['c.bin'], weights: [{ name: 'third', shape: [3], dtype: 'bool' }] },
        ],
        { 'a.bin': together.subarray(0, cut), 'b.bin': together.subarray(cut), 'c.bin': third },
      );
      expect(weights.read('first')).toEqual({ type: 'float32', dims: [2, 2], data: first });
      expect(weights.read('second')).toEqual({ type: 'int32', dims: [2], data: second });
      expect(weights.read('third')).toEqual({ type: 'bool', dims: [3], data: third });
    }
  });

  it('are read at any offset, where a weight before them has an odd number of bytes', () => {
    const weights = group(
      [
        { name: 'flags', shape: [3], dtype: 'uint8' },
        { name: 'w', shape: [2], dtype: 'float32' },
        { name: 'scalar', shape: [], dtype: 'float32' },
      ],
      join(Uint8Array.of(9, 8, 7), Float32Array.of(0.25, -1), Float32Array.of(6)),
    );
    expect(weights.read('flags')).toEqual({ type: 'uint8', dims: [3], data: Uint8Array.of(9, 8, 7) });
    expect(weights.read('w').data).toEqual(Float32Array.of(0.25, -1));
    expect(weights.read('scalar')).toEqual({ type: 'float32', dims: [], data: Float32Array.of(6) });
  });

  it('that are quantized come out as TensorFlow.js decodes them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('uint8', 'uint16', 'float16'),
        fc.constantFrom('float32', 'int32'),
        fc.array(fc.integer({ min: 0, max: 0x7bff }), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 1e-6, max: 3, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (stored, dtype, values, scale, min) => {
          fc.pre(stored !== 'float16' || dtype === 'float32');
          const content = stored === 'uint8' ? Uint8Array.from(values) : Uint16Array.from(values);
          const quantization = stored === 'float16' ? { dtype: stored } : { dtype: stored, scale, min };
          const spec = { name: 'w', shape: [values.length], dtype, quantization };
          const found = group([spec], bytesOf(content)).read('w');
          const expected = tf.io.decodeWeights(bytesOf(content).buffer as ArrayBuffer, [spec])['w']!;
          expect(Array.from(found.data as Float32Array)).toEqual(Array.from(expected.dataSync()));
          expect(found.type).toBe(dtype);
        },
      ),
    );
  });

  it('in half precision are exact: subnormal, normal, signed, and the ends of the range', () => {
    const known: [bits: number, value: number][] = [
      ...([
        [0x0000, 0],
        [0x0001, 2 ** -24],
        [0x03ff, 1023 * 2 ** -24],
        [0x0400, 2 ** -14],
        [0x3c00, 1],
        [0xc000, -2],
        [0x7bff, 65504],
        [0x7c00, Infinity],
        [0xfc00, -Infinity],
        [0x7e00, NaN],
      ] as [number, number][]),
    ];
    expect(known.map(([bits]) => halfToNumber(bits))).toEqual(known.map(([, value]) => value));
  });
});

describe('weights are refused', () => {
  const two = [{ name: 'w', shape: [2, 3], dtype: 'float32' }];

  it.each([
    ['too short', 20],
    ['too long', 28],
  ])('in a shard that is %s, saying what was expected and received', (_how, size) => {
    expect(() => group(two, new Uint8Array(size))).toThrow(
      expect.objectContaining({
        key: 'MODEL_UNREADABLE',
        message: `m.json: a.bin must hold 24 bytes of weights, received ${size}`,
      }),
    );
  });

  it('that are not finite, naming the weight and the place', () => {
    const weights = group(
      [
        { name: 'good', shape: [1], dtype: 'float32' },
        { name: 'dense/kernel', shape: [3], dtype: 'float32' },
      ],
      join(Float32Array.of(1), Float32Array.of(1, NaN, 2)),
    );
    expect(weights.read('good').data).toEqual(Float32Array.of(1));
    expect(() => weights.read('dense/kernel')).toThrow(
      expect.objectContaining({
        key: 'MODEL_WEIGHTS',
        message: 'm.json: tensor "dense/kernel" of shape [3] is not a number at position 1',
      }),
    );
  });

  it.each([
    ['an unknown type', { dtype: 'complex64' }, 'weight "w" is of dtype "complex64"'],
    ['strings', { dtype: 'string' }, 'weight "w" is of dtype "string"'],
    ['no type', { dtype: undefined }, 'weight "w" is of dtype nothing'],
    ['an unknown quantization', { quantization: { dtype: 'int4' } }, 'quantized as {"dtype":"int4"}'],
    ['half floats as int32', { dtype: 'int32', quantization: { dtype: 'float16' } }, 'quantized as'],
    ['a shape that is none', { shape: [2, -1] }, 'a weight must have a name and a shape'],
    ['no name', { name: undefined }, 'a weight must have a name and a shape'],
  ])('of %s', (_what, changed, message) => {
    expect(() => group([{ ...two[0], ...changed }], new Uint8Array(24))).toThrow(
      expect.objectContaining({ key: 'MODEL_INVALID', message: expect.stringContaining(message) as unknown }),
    );
  });

  it.each([[undefined], [{}], ['weights'], [[{ paths: 'a.bin', weights: [] }]], [[{ paths: ['a.bin'] }]]])(
    'in a manifest that is %j',
    (manifest) => {
      expect(() => readManifest(manifest, 'm.json')).toThrow(
        expect.objectContaining({
          key: 'MODEL_INVALID',
          message: expect.stringContaining('m.json') as unknown,
        }),
      );
    },
  );
});
