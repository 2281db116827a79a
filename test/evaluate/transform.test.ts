import { describe, expect, it } from '@jest/globals';
import type { InputSpec } from '../../src/classifier/classifier.js';
import { applyPatch, largestPatchSide } from '../../src/evaluate/verify/patch.js';
import { applyTransform } from '../../src/evaluate/verify/transform.js';

const CHW: InputSpec = { shape: [2, 3, 3], layout: 'NCHW', bounds: [0, 1] };
const HWC: InputSpec = { shape: [3, 3, 2], layout: 'NHWC', bounds: [0, 1] };
const IMAGE = Float32Array.from({ length: 18 }, (_value, i) => i / 18);

describe('the transform the harness applies', () => {
  it('leaves the image alone when all parameters are zero', () => {
    expect(applyTransform(IMAGE, CHW, [0, 0, 0], 0)).toEqual(IMAGE);
  });

  it('shifts by whole pixels exactly and fills what comes in', () => {
    const moved = applyTransform(IMAGE, CHW, [0, 1, 0], 0.5);
    for (let c = 0; c < 2; c++)
      for (let y = 0; y < 3; y++) {
        expect(moved[c * 9 + y * 3]).toBe(0.5);
        expect(moved[c * 9 + y * 3 + 1]).toBe(IMAGE[c * 9 + y * 3]);
      }
  });

  it('turns a quarter counter-clockwise at 90 degrees', () => {
    const turned = applyTransform(IMAGE, CHW, [90, 0, 0], 0);
    // The top right corner comes to the top left.
    expect(turned[0]).toBeCloseTo(IMAGE[2]!, 6);
    expect(turned[2]).toBeCloseTo(IMAGE[8]!, 6);
  });

  it('is the same whichever way the channels are laid out', () => {
    const transposed = (chw: Float32Array): Float32Array =>
      Float32Array.from({ length: 18 }, (_value, i) => chw[(i % 2) * 9 + Math.floor(i / 2)]!);
    expect(applyTransform(transposed(IMAGE), HWC, [20, 0.5, -0.3], 0)).toEqual(
      transposed(applyTransform(IMAGE, CHW, [20, 0.5, -0.3], 0)),
    );
  });
});

describe('the patch the harness applies', () => {
  it('is at most the square its area allows', () => {
    expect(largestPatchSide(0.25, { ...CHW, shape: [1, 28, 28] })).toBe(14);
    expect(largestPatchSide(0.01, { ...CHW, shape: [1, 28, 28] })).toBe(2);
  });

  it('stays inside the image and within the bounds', () => {
    const patched = applyPatch(
      new Float32Array(18),
      CHW,
      Float32Array.of(9, 9, 9, 9, 9, 9, 9, 9),
      2,
      [7, -4],
    );
    expect([...patched.subarray(0, 9)]).toEqual([0, 0, 0, 1, 1, 0, 1, 1, 0]);
  });
});
