import { GauntletError } from '../../errors.js';
import type { InputSpec } from '../../classifier/classifier.js';
import { TRANSFORM_PARAMETERS } from '../../plugin/threat.js';
import { rowOf } from '../../tensor/batch.js';
import { clamp } from '../../tensor/clamp.js';
import { allFinite } from '../../tensor/finite.js';
import { distance } from '../../tensor/norms.js';
import { planeGeometry } from './planes.js';
import { checkLength, type Materialise } from './materialise.js';

const { cos, floor, PI, sin } = Math;

/**
 * Rotates an image about its centre by `rotation` degrees (counter-clockwise), then shifts it by the translations (pixels,
 * right and down), sampling bilinearly; what comes from outside the image is `fill`.
 */
export function applyTransform(
  image: Float32Array,
  input: InputSpec,
  parameters: readonly [rotation: number, translateX: number, translateY: number],
  fill: number,
): Float32Array {
  const { channels, height, width, at } = planeGeometry(input);
  const [rotation, translateX, translateY] = parameters;
  const angle = (rotation * PI) / 180;
  const [cosine, sine] = [cos(angle), sin(angle)];
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const out = new Float32Array(image.length);
  const pixel = (c: number, y: number, x: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? fill : image[at(c, y, x)]!;
  // Strides: most pixels come from well inside the image, and an attack tries hundreds of transforms on each.
  const [right, below] = [width > 1 ? at(0, 0, 1) : 0, height > 1 ? at(0, 1, 0) : 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = x - translateX - centreX;
      const dy = y - translateY - centreY;
      const sourceX = cosine * dx - sine * dy + centreX;
      const sourceY = sine * dx + cosine * dy + centreY;
      const x0 = floor(sourceX);
      const y0 = floor(sourceY);
      const u = sourceX - x0;
      const v = sourceY - y0;
      const inside = x0 >= 0 && y0 >= 0 && x0 + 1 < width && y0 + 1 < height;
      for (let c = 0; c < channels; c++) {
        if (inside) {
          const i = at(c, y0, x0);
          const j = i + below;
          const top = image[i]! * (1 - u) + image[i + right]! * u;
          out[at(c, y, x)] = top * (1 - v) + (image[j]! * (1 - u) + image[j + right]! * u) * v;
          continue;
        }
        const top = pixel(c, y0, x0) * (1 - u) + pixel(c, y0, x0 + 1) * u;
        const bottom = pixel(c, y0 + 1, x0) * (1 - u) + pixel(c, y0 + 1, x0 + 1) * u;
        out[at(c, y, x)] = top * (1 - v) + bottom * v;
      }
    }
  }
  return out;
}

/** Clamps the proposed parameters into their ranges and applies them to the clean example. */
export const materialiseTransform: Materialise<'transform'> = (proposal, clean, threat, input) => {
  if (proposal.kind !== 'transform') {
    throw new GauntletError(
      'PLUGIN_FAILED',
      `The attack proposed ${proposal.kind} where a transform was asked for.`,
    );
  }
  const n = clean.keys.length;
  const width = TRANSFORM_PARAMETERS.length;
  checkLength(proposal.parameters, n * width, 'transform parameters');
  const data = Float32Array.from(clean.data);
  const distances = new Float64Array(n);
  const applied = new Float64Array(n * width);
  const usable = clean.keys.map((_key, row) => {
    const proposed = proposal.parameters.subarray(row * width, (row + 1) * width);
    if (!allFinite(proposed)) return false;
    const [rotation, translateX, translateY] = TRANSFORM_PARAMETERS.map((name, i) => {
      const [lower, upper] = threat.ranges[name];
      return clamp(proposed[i]!, lower, upper);
    }) as [number, number, number];
    applied.set([rotation, translateX, translateY], row * width);
    const original = rowOf(clean, row);
    const moved = applyTransform(original, input, [rotation, translateX, translateY], input.bounds[0]);
    data.set(moved, row * original.length);
    distances[row] = distance('linf', moved, original);
    return true;
  });
  return { data, usable, distances, applied };
};
