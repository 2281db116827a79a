import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planeGeometry } from '../../src/evaluate/verify/planes.js';
import { gaussianSmoothed, placed, unplaced } from '../../src/tensor/pictures.js';

const layouts = ['NCHW', 'NHWC'] as const;
const shapeOf = (layout: 'NCHW' | 'NHWC', c: number, h: number, w: number) =>
  layout === 'NCHW' ? [c, h, w] : [h, w, c];
const values = (length: number, factor: number) =>
  Float32Array.from({ length }, (_value, i) => Math.sin(i * factor) + 0.1);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe.each(layouts)('a picture in %s', (layout) => {
  const planes = planeGeometry({ shape: shapeOf(layout, 2, 4, 6), layout, bounds: [0, 1] });

  it('is drawn smaller at its place, the rest filled', () => {
    const picture = values(48, 0.7);
    const placement = { planes, height: 2, width: 3, top: 1, left: 2 };
    const out = placed(picture, placement, -1);
    const at = (image: Float32Array, c: number, y: number, x: number) => image[planes.at(c, y, x)];
    expect(at(out, 1, 1, 2)).toBe(at(picture, 1, 0, 0));
    expect(at(out, 0, 2, 4)).toBe(at(picture, 0, 2, 4));
    expect(at(out, 1, 0, 0)).toBe(-1);
    expect(out.filter((value) => value !== -1)).toHaveLength(12);
  });

  it('takes a gradient back through the transpose', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(99),
        (height, width, n) => {
          const placement = { planes, height, width, top: n % (5 - height), left: n % (7 - width) };
          const [picture, gradient] = [values(48, 0.3), values(48, 1.1)];
          expect(dot(placed(picture, placement, 0), gradient)).toBeCloseTo(
            dot(picture, unplaced(gradient, placement)),
            4,
          );
        },
      ),
    );
  });

  it('is smoothed to the kernel where it is a single point, and symmetrically', () => {
    const point = planeGeometry({ shape: shapeOf(layout, 1, 9, 9), layout, bounds: [0, 1] });
    const image = new Float32Array(81);
    image[point.at(0, 4, 4)] = 1;
    const out = gaussianSmoothed(image, point, 5);
    expect(out.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    const at = (y: number, x: number) => out[point.at(0, y, x)]!;
    // exp(-d^2 / (2 (5/6)^2)) beside one pixel over beside none.
    expect(at(4, 5) / at(4, 4)).toBeCloseTo(Math.exp(-0.72), 6);
    expect(at(3, 4)).toBeCloseTo(at(4, 5), 7);
    expect(at(4, 7)).toBe(0);
  });

  it('stays as it is under a kernel of one tap', () => {
    const image = values(48, 0.9);
    expect(gaussianSmoothed(image, planes, 1)).toEqual(image);
  });
});
