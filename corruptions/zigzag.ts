/**
 * A white zigzag, blurred to either side, from the third column to the third from the last: 2 pixels to either side
 * of a straight line, with a corner every 4 along it. The line begins at any height and rises or falls by up to 5
 * rows.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness
 * in deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4, fed with its recorded draws: equal to the level. Deviations: with
 * `fixed` quirks the last piece follows the zigzag, which the script has it leave by a formula that bends it.
 */
import {
  addToChannels,
  defineCorruption,
  pixelValues,
  quantize,
  stroke,
  type Point,
  type Quirks,
} from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'zigzag',
    title: 'Zigzag',
    summary: 'Draws a white zigzag across the image.',
    paper:
      'Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {},
  },
  severities: { mnist: [{}] },
  /** The row in which the zigzag begins, and how many rows lower it ends. */
  sample: (random, _parameters, [, height]) => ({
    start: random.integer(Math.max(height - 1, 1)),
    descent: random.integer(10) - 5,
  }),
  apply: (image, { start, descent }, _parameters, setting) => {
    const values = pixelValues(image);
    const corners = cornersOf(image.shape[2], start, descent, setting.quirks);
    for (let i = 1; i < corners.length; i++) {
      addToChannels(values, stroke(image.shape, corners[i - 1]!, corners[i]!));
    }
    return quantize(values, setting);
  },
});

/** Pixels from a corner to the line the zigzag follows, and half of those along the line from one corner to the next. */
const AMPLITUDE = 2;
/** Columns left free at either side. */
const MARGIN = 2;

/** The zigzag's ends and corners, from left to right. */
function cornersOf(width: number, start: number, descent: number, quirks: Quirks): Point[] {
  const columns = width - 1 - 2 * MARGIN;
  if (columns <= 0) return [];
  const angle = Math.atan(descent / columns);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const length = columns / cosine;
  return alongLine(length, quirks).map(({ column, row }) => ({
    column: cosine * column - sine * row + MARGIN,
    row: sine * column + cosine * row + start,
  }));
}

/** The same for a line along the columns, beginning in (0, 0). */
function alongLine(length: number, quirks: Quirks): Point[] {
  const points: Point[] = [{ column: 0, row: 0 }];
  for (let i = 0; (2 * i + 1) * AMPLITUDE <= length; i++) {
    points.push({ column: (2 * i + 1) * AMPLITUDE, row: i % 2 === 0 ? AMPLITUDE : -AMPLITUDE });
  }
  const last = points.at(-1)!;
  const rest = length % (2 * AMPLITUDE);
  if (quirks === 'fixed') {
    points.push({ column: length, row: last.row * (1 - (length - last.column) / AMPLITUDE) });
  } else if (rest !== 0) {
    points.push({ column: length, row: last.row / (2 * rest) });
  }
  return points;
}
