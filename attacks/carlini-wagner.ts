/**
 * Carlini-Wagner: Adam on the squared distance plus c times the margin that is missing, in variables whose tanh is the image,
 * so that it cannot leave the input bounds; the smallest c that reaches the goal is searched for, per example.
 *
 * Carlini, Wagner, "Towards evaluating the robustness of neural networks", S&P 2017, arXiv:1608.04644, sections V and VI.A: the
 * L2 attack with objective f6 and confidence 0.
 *
 * Checked against the closed-form optimum on linear classifiers (`test/attacks/closed-forms.slow.test.ts`). Reference:
 * carlini/nn_robust_attacks, l2_attack.py. Deviations: an untargeted run aims at the class whose linearised boundary is the
 * nearest; the learning rate decays along a cosine; a constant counts as reaching the goal by its last steps only; lengths are
 * in units of the width of the input bounds; and the closest adversarial is pulled in at the end.
 *
 * Limits: L2 only. The tanh variables of values on the input bounds (most of a digit) need dozens of steps to leave them, and
 * where the model's outputs saturate their slopes are too small to agree on a way: it then fails on examples that `ddn` and
 * `fmn` fool with a tenth of the gradients.
 */
import { Adam, defineAttack, distance, penaltyCost, penaltySearch, type Descent } from '#plugin';

const { atanh, cos, PI, tanh } = Math;

/** Keeps the variables of values on the input bounds finite, as the reference does. */
const INSIDE = 0.999999;
/** Slopes at the walls are a millionth of those inside, and Adam's own smallest scale is made for slopes of about 1. */
const SLOPE_SCALE = 1e8;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'carlini-wagner',
    title: 'Carlini-Wagner',
    summary: 'Adam on distance and missing margin in tanh space, with a search for their balance (L2).',
    paper:
      'Carlini, Wagner, "Towards evaluating the robustness of neural networks", S&P 2017, arXiv:1608.04644',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp'],
    norms: ['l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: false,
    cost: penaltyCost,
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 2,
        maximum: 100_000,
        default: 200,
        description: 'Gradient steps per constant; the last one is not looked at any more',
      },
      searches: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 9,
        description: 'Constants tried per example (and target)',
      },
      initialConstant: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1e10,
        default: 1e-3,
        description:
          'First weight of the missing margin against the squared distance in widths of the input bounds',
      },
      learningRate: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 0.1,
        description: "Length of Adam's first step, in the tanh variables",
      },
      finalLearningRate: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 0.001,
        description: 'What it decays to along a cosine',
      },
      abortEarly: {
        type: 'boolean',
        default: true,
        description: 'Give a constant up when a tenth of the steps did not improve the objective',
      },
      targets: {
        type: 'integer',
        minimum: 0,
        default: 1,
        description:
          'Aim at each of so many wrong classes in turn, those first whose linearised boundary is the nearest; any wrong class is a success. 0: follow whichever has the largest logit',
      },
      classes: {
        type: 'integer',
        minimum: 1,
        default: 9,
        description:
          'With targets: wrong classes whose boundaries are compared, those with the largest logits first; a gradient each',
      },
      pullSteps: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 3,
        description: 'Forward passes at the end that pull the closest adversarial in',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, learningRate, finalLearningRate } = parameters;
    const [lower, upper] = classifier.input.bounds;
    const [width, middle, half] = [upper - lower, (lower + upper) / 2, (upper - lower) / 2];
    const problem = { batch, threat, goal };
    return penaltySearch({ classifier, problem, context, parameters, begin });

    function begin(clean: Float32Array): Descent {
      const variables = Float64Array.from(clean, (value) => atanh(((value - middle) / half) * INSIDE));
      const slopes = new Float64Array(clean.length);
      const adam = new Adam(clean.length);
      return {
        penalty: (point) => (distance('l2', point, clean) / width) ** 2,
        step: (point, slope, weight, step) => {
          const decay = (1 + cos((PI * step) / steps)) / 2;
          const rate = finalLearningRate + (learningRate - finalLearningRate) * decay;
          for (let i = 0; i < point.length; i++) {
            const image = tanh(variables[i]!);
            const byImage = (2 * (point[i]! - clean[i]!)) / (width * width) - weight * slope[i]!;
            slopes[i] = SLOPE_SCALE * byImage * half * (1 - image * image);
          }
          adam.step(slopes, variables, -rate);
          for (let i = 0; i < point.length; i++) point[i] = middle + half * tanh(variables[i]!);
        },
      };
    }
  },
});
