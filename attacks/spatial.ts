/**
 * Spatial attack: the worst of a grid, or of a few random draws, of rotations and translations.
 *
 * Engstrom, Tran, Tsipras, Schmidt, Madry, "Exploring the landscape of spatial robustness", ICML 2019, arXiv:1712.02779,
 * section 3 (grid search with 5 translations per axis and 31 rotations; worst of 10).
 *
 * Checked against an exhaustive search of the same grid (`test/attacks/spatial.test.ts`). Deviations: candidates are compared by
 * margin instead of cross-entropy; the largest transforms are tried first and an example leaves at the first that reaches
 * the goal; pixels from outside the image have the lowest legal value, as the harness has them.
 *
 * Limits: rotations and shifts only, no scale, shear or local flow. A grid finds what is at its points. What is moved out
 * of the image is lost, so large shifts can remove the object itself.
 */
import {
  applyTransform,
  clamp,
  defineAttack,
  inLockstep,
  rowOf,
  scoreOracle,
  TRANSFORM_PARAMETERS,
  type Progress,
  type Questions,
  type RandomStream,
  type TransformRanges,
} from '#plugin';

/** Rotation, shift to the right, shift down: as in TRANSFORM_PARAMETERS. */
type Transform = readonly [rotation: number, translateX: number, translateY: number];

const NO_TRANSFORM: TransformRanges = { rotation: [0, 0], translateX: [0, 0], translateY: [0, 0] };

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'spatial',
    title: 'Spatial',
    summary: 'The worst rotation and translation of a grid, or of random draws.',
    paper:
      'Engstrom, Tran, Tsipras, Schmidt, Madry, "Exploring the landscape of spatial robustness", ICML 2019, arXiv:1712.02779',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['transform'],
    norms: [],
    goals: ['untargeted', 'targeted'],
    access: 'scores',
    stochastic: true,
    cost: ({ search, rotationSteps, translationSteps, draws }) => ({
      forward: search === 'grid' ? rotationSteps * translationSteps ** 2 : draws,
      gradient: 0,
    }),
    linear: 'none',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      search: {
        type: 'string',
        enum: ['grid', 'random'],
        default: 'grid',
        description: 'Try every point of a grid, or random transforms',
      },
      rotationSteps: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 31,
        description: 'Rotations of the grid, evenly spaced over their range',
      },
      translationSteps: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        default: 5,
        description: 'Translations of the grid along each axis, evenly spaced over their ranges',
      },
      draws: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        default: 10,
        description: 'Transforms that the random search draws',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { search, rotationSteps, translationSteps, draws } = parameters;
    const { input } = classifier;
    const ranges = threat.kind === 'transform' ? threat.ranges : NO_TRANSFORM;
    const grid = search === 'grid' ? gridOf(ranges, rotationSteps, translationSteps) : [];
    const width = TRANSFORM_PARAMETERS.length;
    const proposed = new Float64Array(batch.keys.length * width);
    batch.keys.forEach((_key, row) => proposed.set(nearestToNone(ranges), row * width));

    await inLockstep({ batch, threat, goal }, batch.keys.map(tryAll), scoreOracle(classifier), {
      context,
      queries: search === 'grid' ? grid.length : draws,
    });
    return { kind: 'transform', parameters: proposed };

    function* tryAll(key: number, row: number): Questions<Progress> {
      const transforms =
        search === 'grid' ? grid : randomTransforms(ranges, draws, context.random(key, 'transforms'));
      let best = -Infinity;
      for (const transform of transforms) {
        const [progress] = yield applyTransform(rowOf(batch, row), input, transform, input.bounds[0]);
        const { margin, reached } = progress!;
        if (reached || margin > best) {
          proposed.set(transform, row * width);
          best = margin;
        }
        if (reached) return;
      }
    }
  },
});

/** The transform of the ranges that changes least. */
function nearestToNone(ranges: TransformRanges): Transform {
  return TRANSFORM_PARAMETERS.map((name) => {
    const [lower, upper] = ranges[name];
    return clamp(0, lower, upper);
  }) as unknown as Transform;
}

/** Every combination of evenly spaced values, those furthest from no transform first. */
function gridOf(ranges: TransformRanges, rotations: number, translations: number): Transform[] {
  const [across, down] = [spaced(ranges.translateX, translations), spaced(ranges.translateY, translations)];
  const points = spaced(ranges.rotation, rotations).flatMap((rotation) =>
    across.flatMap((x) => down.map((y): Transform => [rotation, x, y])),
  );
  const scales = TRANSFORM_PARAMETERS.map((name) =>
    Math.max(...ranges[name].map(Math.abs), Number.MIN_VALUE),
  );
  const size = (transform: Transform): number =>
    transform.reduce((sum, value, i) => sum + (value / scales[i]!) ** 2, 0);
  return points
    .map((transform) => ({ transform, size: size(transform) }))
    .sort((a, b) => b.size - a.size)
    .map(({ transform }) => transform);
}

/** Both ends of a range and what is between them; the middle when there is one value only. */
function spaced([lower, upper]: readonly [number, number], count: number): number[] {
  if (count === 1 || lower === upper) return [(lower + upper) / 2];
  return Array.from({ length: count }, (_, i) => lower + ((upper - lower) * i) / (count - 1));
}

function* randomTransforms(
  ranges: TransformRanges,
  draws: number,
  random: RandomStream,
): Generator<Transform> {
  for (let draw = 0; draw < draws; draw++) {
    yield TRANSFORM_PARAMETERS.map((name) => {
      const [lower, upper] = ranges[name];
      return lower + (upper - lower) * random.uniform();
    }) as unknown as Transform;
  }
}
