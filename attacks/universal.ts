/**
 * Universal perturbation: one perturbation for every image, learned on images that are not attacked.
 *
 * Moosavi-Dezfooli, Fawzi, Fawzi, Frossard, "Universal adversarial perturbations", CVPR 2017, arXiv:1610.08401. Learned as in
 * Shafahi, Najibi, Xu, Dickerson, Davis, Goldstein, "Universal adversarial training", AAAI 2020, arXiv:1811.11304: stochastic
 * gradient steps on the mean of a loss clipped from above, so that what is fooled by far no longer counts.
 *
 * No reference implementation was run. Deviations from the second paper: steepest steps in the threat's norm (there: sign or
 * Adam), whose length falls to a tenth; the perturbation that fools most of the fitted images is kept; an image whose gradient
 * is not finite is left out of the mean.
 *
 * Limits: one perturbation for all images fools far fewer than one each, so what it leaves is no estimate of robust
 * accuracy. Linf and L2 only. It is learned on other images of the data set; the passes that takes come on top of the cost
 * per example.
 */
import {
  allFinite,
  defineAttack,
  exampleSize,
  GauntletError,
  objectiveOf,
  progressOf,
  projections,
  regionOf,
  restrictProblem,
  sliceRow,
  steepestStep,
  withData,
  type Classifier,
  type Problem,
  type RandomStream,
  type Threat,
} from '#plugin';

/** What `fit` learns: the perturbation, laid out like an example. */
interface State {
  readonly perturbation: readonly number[];
}

/** Of the step on a set of images. */
interface Objective {
  readonly loss: 'ce' | 'margin';
  readonly lossCap: number;
}

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'universal',
    title: 'Universal perturbation',
    summary: 'One perturbation for all images, learned on images that are not attacked.',
    paper:
      'Moosavi-Dezfooli, Fawzi, Fawzi, Frossard, "Universal adversarial perturbations", CVPR 2017, arXiv:1610.08401',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: () => ({ forward: 0, gradient: 0 }),
    linear: 'none',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      epochs: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 20,
        description: 'Passes over the images it is learned on',
      },
      fitBatch: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 25,
        description: 'Images per step',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.2,
        description: 'Length of the first step as a fraction of epsilon; the last has a tenth of it',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin'],
        default: 'ce',
        description: 'Loss whose mean is followed',
      },
      lossCap: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 9,
        description: 'Untargeted: images whose loss is above this no longer count',
      },
    },
  },

  async fit(classifier, slice, threat, goal, settings, context): Promise<State> {
    const { norm, epsilon } = ballOf(threat);
    const { epochs, fitBatch, stepSize } = settings;
    const problem: Problem = { batch: slice, threat, goal };
    const steps = Math.ceil(slice.keys.length / fitBatch);
    const perturbation = new Float64Array(exampleSize(slice));
    const origin = new Float32Array(perturbation.length);
    let [best, most] = [perturbation.slice(), -1];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffled(slice.keys.length, context.random(epoch, 'order'));
      for (let step = 0; step < steps; step++) {
        context.signal.throwIfAborted();
        const part = restrictProblem(problem, order.slice(step * fitBatch, (step + 1) * fitBatch));
        const { slope, direction } = await meanSlope(classifier, part, perturbation, settings);
        const done = (epoch * steps + step) / (epochs * steps);
        steepestStep[norm](slope, perturbation, direction * stepSize * epsilon * (1 - 0.9 * done));
        projections[norm](perturbation, origin, epsilon, -Infinity, Infinity);
      }
      const fooled = await countFooled(classifier, problem, perturbation);
      if (fooled > most) [best, most] = [perturbation.slice(), fooled];
      context.progress((epoch + 1) / epochs);
    }
    return { perturbation: Array.from(best) };
  },

  run(classifier, batch, threat, goal, _settings, context, state) {
    context.signal.throwIfAborted();
    if (state === undefined)
      throw new GauntletError('PLUGIN_FAILED', 'universal was run without having been fitted.');
    const perturbation = Float64Array.from(state.perturbation);
    const data = perturbed({ batch, threat, goal }, perturbation, classifier.input.bounds);
    return Promise.resolve({ kind: 'examples', data });
  },
});

function ballOf(threat: Threat): { norm: 'linf' | 'l2'; epsilon: number } {
  if (threat.kind === 'lp' && (threat.norm === 'linf' || threat.norm === 'l2')) {
    return { norm: threat.norm, epsilon: threat.epsilon };
  }
  throw new GauntletError('THREAT_UNSUPPORTED', 'universal takes lp threats in linf and l2.');
}

/** The images with the perturbation added, inside the threat set and the input bounds. */
function perturbed(
  { batch, threat }: Problem,
  perturbation: Float64Array,
  bounds: readonly [number, number],
): Float32Array {
  const region = regionOf(threat, batch, bounds);
  const size = perturbation.length;
  const data = new Float32Array(batch.data.length);
  batch.keys.forEach((_key, row) => {
    const own = data.subarray(row * size, (row + 1) * size);
    for (let i = 0; i < size; i++) own[i] = batch.data[row * size + i]! + perturbation[i]!;
    region.project(row, own);
  });
  return data;
}

/** Mean gradient of the images that still count. */
async function meanSlope(
  classifier: Classifier,
  problem: Problem,
  perturbation: Float64Array,
  { loss, lossCap }: Objective,
): Promise<{ slope: Float64Array; direction: 1 | -1 }> {
  const { direction, ...request } = objectiveOf(problem, loss);
  const points = withData(problem.batch, perturbed(problem, perturbation, classifier.input.bounds));
  const { gradient, loss: losses } = await classifier.lossGradient(points, request);
  const slope = new Float64Array(perturbation.length);
  const cap = problem.goal.kind === 'untargeted' ? lossCap : Infinity;
  for (let row = 0; row < losses.length; row++) {
    const own = sliceRow(gradient, row, slope.length);
    if (!(losses[row]! <= cap) || !allFinite(own)) continue;
    for (let i = 0; i < slope.length; i++) slope[i]! += own[i]! / losses.length;
  }
  return { slope, direction };
}

async function countFooled(
  classifier: Classifier,
  problem: Problem,
  perturbation: Float64Array,
): Promise<number> {
  const { batch, goal } = problem;
  const points = withData(batch, perturbed(problem, perturbation, classifier.input.bounds));
  const logits = await classifier.logits(points);
  const reached = batch.keys.filter((_key, row) => {
    const scores = sliceRow(logits, row, classifier.numClasses);
    return progressOf(scores, batch.labels[row]!, goal, row).reached;
  });
  return reached.length;
}

/** The numbers 0 to count - 1 in random order. */
function shuffled(count: number, random: RandomStream): number[] {
  const order = Array.from({ length: count }, (_value, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
