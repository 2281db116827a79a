/**
 * Adversarial patch: a square of pixels, the same for every image, that fools wherever it is placed.
 *
 * Brown, Mane, Roy, Abadi, Gilmer, "Adversarial patch", 2017, arXiv:1712.09665: the patch maximises the expectation of the
 * objective over images and places; learned on images that are not attacked.
 *
 * No reference implementation was run. Deviations: places are drawn, scales and rotations are not; signed steps with momentum
 * whose length falls to a tenth; untargeted as well as targeted; an attacked image is given the best of a few keyed places.
 *
 * Limits: a square along the axes that covers pixels of a digital image: no printing, light, scale or rotation. One patch
 * for all images, learned on others of the data set; the passes that takes come on top of the cost per example.
 */
import {
  allFinite,
  applyPatch,
  clamp,
  defineAttack,
  GauntletError,
  largestPatchSide,
  objectiveOf,
  planeGeometry,
  progressOf,
  restrictProblem,
  rowOf,
  sliceRow,
  withData,
  type AttackContext,
  type InputSpec,
  type LabelledBatch,
  type Problem,
  type Threat,
} from '#plugin';

/** What `fit` learns: the square's values in the model's layout, and its side in pixels. */
interface State {
  readonly patch: readonly number[];
  readonly side: number;
}

type Corner = readonly [row: number, column: number];

/** Where patches go: drawn per example, or one given corner. */
interface Places {
  readonly place: 'keyed' | 'given';
  readonly row: number;
  readonly column: number;
}

const MOMENTUM = 0.9;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'patch',
    title: 'Adversarial patch',
    summary: 'A square of pixels, the same for all images, learned on images that are not attacked.',
    paper: 'Brown, Mane, Roy, Abadi, Gilmer, "Adversarial patch", 2017, arXiv:1712.09665',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['patch'],
    norms: [],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ place, places }) => ({ forward: place === 'keyed' ? places : 0, gradient: 0 }),
    linear: 'none',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 200,
        description: 'Gradient steps it is learned by',
      },
      fitBatch: { type: 'integer', minimum: 1, maximum: 10_000, default: 25, description: 'Images per step' },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.05,
        description: 'Length of the first step as a fraction of the input range; the last has a tenth of it',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin'],
        default: 'ce',
        description: 'Loss whose mean is followed',
      },
      place: {
        type: 'string',
        enum: ['keyed', 'given'],
        default: 'keyed',
        description: 'Draw places per example, or paste at the given row and column',
      },
      places: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 5,
        description: 'Keyed: places tried on an attacked image, of which the best is kept',
      },
      row: { type: 'integer', minimum: 0, default: 0, description: 'Given: topmost row of the patch' },
      column: { type: 'integer', minimum: 0, default: 0, description: 'Given: leftmost column of the patch' },
    },
  },

  async fit(classifier, slice, threat, goal, settings, context): Promise<State> {
    const { input } = classifier;
    const { steps, fitBatch, stepSize, loss } = settings;
    const [lowest, highest] = input.bounds;
    const side = sideOf(threat, input);
    const patch = new Float32Array(planeGeometry(input).channels * side ** 2);
    context.random(0, 'patch').fillUniform(patch, lowest, highest);
    const velocity = new Float64Array(patch.length);
    const problem: Problem = { batch: slice, threat, goal };
    for (let step = 0; step < steps; step++) {
      context.signal.throwIfAborted();
      const random = context.random(0, 'images', 0, step);
      const count = Math.min(fitBatch, slice.keys.length);
      const rows = Array.from({ length: count }, () => random.integer(slice.keys.length));
      const part = restrictProblem(problem, rows);
      const corners = rows.map((_row, i) => cornerOf(settings, side, input, context, i, step));
      const { direction, ...request } = objectiveOf(part, loss);
      const patched = withData(part.batch, pasted(part.batch, input, patch, side, corners));
      const { gradient } = await classifier.lossGradient(patched, request);
      const slope = meanSlope(gradient, input, side, corners);
      const length = direction * stepSize * (highest - lowest) * (1 - (0.9 * step) / steps);
      const size = slope.reduce((sum, value) => sum + Math.abs(value), 0) / slope.length;
      for (let i = 0; i < patch.length; i++) {
        velocity[i] = MOMENTUM * velocity[i]! + (size > 0 ? slope[i]! / size : 0);
        patch[i] = clamp(patch[i]! + length * Math.sign(velocity[i]!), lowest, highest);
      }
      context.progress((step + 1) / steps);
    }
    return { patch: Array.from(patch), side };
  },

  async run(classifier, batch, threat, goal, settings, context, state) {
    context.signal.throwIfAborted();
    if (state === undefined)
      throw new GauntletError('PLUGIN_FAILED', 'patch was run without having been fitted.');
    const { input } = classifier;
    const { side } = state;
    const patch = Float32Array.from(state.patch);
    const tries = settings.place === 'keyed' ? settings.places : 1;
    const chosen = batch.keys.map((key) => cornerOf(settings, side, input, context, key, 0));
    const best = batch.keys.map(() => ({ reached: false, margin: -Infinity }));
    for (let attempt = 0; settings.place === 'keyed' && attempt < tries; attempt++) {
      context.signal.throwIfAborted();
      const open = [...best.keys()].filter((row) => !best[row]!.reached);
      if (open.length === 0) break;
      const part = restrictProblem({ batch, threat, goal }, open);
      const corners = part.batch.keys.map((key) => cornerOf(settings, side, input, context, key, attempt));
      const logits = await classifier.logits(
        withData(part.batch, pasted(part.batch, input, patch, side, corners)),
      );
      open.forEach((row, i) => {
        const scores = sliceRow(logits, i, classifier.numClasses);
        const progress = progressOf(scores, batch.labels[row]!, goal, row);
        if (!progress.reached && !(progress.margin > best[row]!.margin)) return;
        best[row] = progress;
        chosen[row] = corners[i]!;
      });
      context.progress((attempt + 1) / tries);
    }
    return { kind: 'patch', patch, side, corners: Int32Array.from(chosen.flat()) };
  },
});

function sideOf(threat: Threat, input: InputSpec): number {
  const side = threat.kind === 'patch' ? largestPatchSide(threat.area, input) : 0;
  if (side > 0) return side;
  throw new GauntletError('THREAT_UNSUPPORTED', 'The area of the patch is less than a pixel of this image.');
}

/** Where the patch goes on the image of a key. */
function cornerOf(
  settings: Places,
  side: number,
  input: InputSpec,
  context: AttackContext,
  key: number,
  attempt: number,
): Corner {
  const { height, width } = planeGeometry(input);
  if (settings.place === 'given') {
    return [clamp(settings.row, 0, height - side), clamp(settings.column, 0, width - side)];
  }
  const random = context.random(key, 'place', 0, attempt);
  return [random.integer(height - side + 1), random.integer(width - side + 1)];
}

function pasted(
  batch: LabelledBatch,
  input: InputSpec,
  patch: Float32Array,
  side: number,
  corners: readonly Corner[],
): Float32Array {
  const out = new Float32Array(batch.data.length);
  corners.forEach((corner, row) => {
    const image = rowOf(batch, row);
    out.set(applyPatch(image, input, patch, side, corner), row * image.length);
  });
  return out;
}

/** The gradients at the patch's pixels, their mean over the images; those that are not finite are left out. */
function meanSlope(
  gradient: Float32Array,
  input: InputSpec,
  side: number,
  corners: readonly Corner[],
): Float64Array {
  const { channels, at } = planeGeometry(input);
  const own = input.layout === 'NCHW' ? [channels, side, side] : [side, side, channels];
  const { at: patchAt } = planeGeometry({ ...input, shape: own });
  const slope = new Float64Array(channels * side ** 2);
  corners.forEach(([top, left], row) => {
    const each = sliceRow(gradient, row, gradient.length / corners.length);
    if (!allFinite(each)) return;
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
          slope[patchAt(c, y, x)]! += each[at(c, top + y, left + x)]! / corners.length;
  });
  return slope;
}
