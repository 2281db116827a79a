import type { Image } from '../corruption.js';
import { roundHalfEven } from '../pixels.js';
import { memoize } from './memoize.js';

/**
 * How a line of pixels is enlarged about its middle: output pixel i lies between pixels `from[i]` and `to[i]`, at `share[i]`
 * of the way.
 */
interface LineZoom {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly share: Float64Array;
}

/**
 * An image (channels first) enlarged `factor` times (at least 1) about its middle and cropped back to its own size:
 * the `clipped_zoom` of the published scripts. It takes the middle `ceil(length / factor)` pixels, stretches them by linear
 * interpolation, ends upon ends, to the rounded size of `scipy.ndimage.zoom`, and trims. Height and width are each treated
 * so; the scripts, made for square images, use the height for both. Written to `out`, which is returned.
 */
export function clippedZoom<T extends Float64Array | Float32Array>(
  values: Float64Array | Float32Array,
  [, height, width]: Image['shape'],
  factor: number,
  out: T,
): T {
  const rows = lineZoom(height, factor);
  const columns = lineZoom(width, factor);
  for (let start = 0, place = 0; start < values.length; start += height * width) {
    for (let y = 0; y < height; y++) {
      const above = start + rows.from[y]! * width;
      const below = start + rows.to[y]! * width;
      const lower = rows.share[y]!;
      const upper = 1 - lower;
      for (let x = 0; x < width; x++, place++) {
        const left = columns.from[x]!;
        const right = columns.to[x]!;
        const near = columns.share[x]!;
        const far = 1 - near;
        out[place] =
          values[above + left]! * upper * far +
          values[above + right]! * upper * near +
          values[below + left]! * lower * far +
          values[below + right]! * lower * near;
      }
    }
  }
  return out;
}

const lineZoom = memoize((length: number, factor: number): LineZoom => {
  const cropped = Math.ceil(length / factor);
  const first = Math.floor((length - cropped) / 2);
  const stretched = roundHalfEven(cropped * factor);
  const trim = Math.floor((stretched - length) / 2);
  const step = (cropped - 1) / Math.max(stretched - 1, 1);
  const zoom = {
    from: new Int32Array(length),
    to: new Int32Array(length),
    share: new Float64Array(length),
  };
  for (let i = 0; i < length; i++) {
    const place = Math.min(Math.max((i + trim) * step, 0), cropped - 1);
    const whole = Math.floor(place);
    zoom.from[i] = first + whole;
    zoom.to[i] = first + Math.min(whole + 1, cropped - 1);
    zoom.share[i] = place - whole;
  }
  return zoom;
});
