/**
 * Projected Gradient Descent: repeated steepest steps on the loss, each projected back onto the threat set.
 *
 * Madry, Makelov, Schmidt, Tsipras, Vladu, "Towards deep learning models resistant to adversarial attacks", ICLR 2018,
 * arXiv:1706.06083. Kurakin, Goodfellow, Bengio, "Adversarial examples in the physical world", 2016, arXiv:1607.02533 (BIM:
 * without random start).
 *
 * Checked against a plain PyTorch 1.13 loop, which gives the bytes of Foolbox 3.3 LinfPGD (PGD-40 columns of
 * `test/attacks/golden.slow.test.ts`); `return: last` with `earlyLeave: false` and `randomStart: false` is that loop.
 * Deviations otherwise: every iterate is a candidate, fooled examples leave the batch, and restarts go to survivors only.
 */
import {
  ActiveSet,
  allFinite,
  Candidates,
  defineAttack,
  objectiveOf,
  progressOf,
  regionOf,
  sliceRow,
  type Progress,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'pgd',
    title: 'PGD',
    summary: 'Projected gradient steps with random start and restarts: the standard white-box attack.',
    paper:
      'Madry, Makelov, Schmidt, Tsipras, Vladu, "Towards deep learning models resistant to adversarial attacks", ICLR 2018, arXiv:1706.06083',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    cost: ({ steps, restarts, return: kept }) => ({
      forward: kept === 'best' || restarts > 1 ? restarts : 0,
      gradient: steps * restarts,
    }),
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 40,
        description: 'Gradient steps per restart',
      },
      stepSize: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.1,
        description:
          'Length of a step as a fraction of epsilon (in a box, of the furthest a coordinate can move)',
      },
      restarts: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description: 'Runs at most; each attacks what the ones before did not fool',
      },
      randomStart: {
        type: 'boolean',
        default: true,
        description: 'Start from a uniform point of the threat set instead of the clean example',
      },
      loss: {
        type: 'string',
        enum: ['ce', 'margin'],
        default: 'ce',
        description: 'Loss to ascend: cross-entropy or the margin of the best wrong class',
      },
      return: {
        type: 'string',
        enum: ['best', 'last'],
        default: 'best',
        description: 'Propose the best iterate seen, or the last one',
      },
      earlyLeave: {
        type: 'boolean',
        default: true,
        description: 'Stop working on an example at its first iterate that reaches the goal',
      },
    },
  },

  async run(classifier, batch, threat, goal, parameters, context) {
    const { steps, stepSize, restarts, randomStart, loss, earlyLeave } = parameters;
    const keepBest = parameters.return === 'best';
    const judgeLast = keepBest || restarts > 1;
    const candidates = new Candidates(batch);

    for (let restart = 0; restart < restarts; restart++) {
      const active = new ActiveSet({ batch, threat, goal }, candidates.unsolved);
      if (randomStart) start(active, restart);
      for (let step = 0; step < steps && active.rows.length > 0; step++) {
        context.signal.throwIfAborted();
        await climb(active);
        context.progress((restart * steps + step + 1) / (restarts * steps));
      }
      if (active.rows.length > 0) await finish(active);
    }
    return { kind: 'examples', data: candidates.data };

    function start(active: ActiveSet, restart: number): void {
      const region = regionOf(active.problem.threat, active.problem.batch, classifier.input.bounds);
      active.problem.batch.keys.forEach((key, position) => {
        active.iterate(position).set(region.start(position, context.random(key, 'start', restart)));
      });
    }

    /** Judges the iterates by the logits of their own gradient pass, then moves those that stay: x <- P(x + alpha * s(g)). */
    async function climb(active: ActiveSet): Promise<void> {
      const { direction, ...request } = objectiveOf(active.problem, loss);
      const { logits, gradient } = await classifier.lossGradient(active.iterates, request);
      const region = regionOf(active.problem.threat, active.problem.batch, classifier.input.bounds);
      const leaving = new Set<number>();
      active.rows.forEach((_row, position) => {
        const iterate = active.iterate(position);
        const slope = sliceRow(gradient, position, iterate.length);
        const { reached, margin } = judge(active, position, logits, keepBest || earlyLeave);
        const stuck = Number.isNaN(margin) || !allFinite(slope);
        if (stuck || (reached && earlyLeave)) {
          leaving.add(position);
          return;
        }
        region.step(position, slope, iterate, direction * stepSize);
        region.project(position, iterate);
      });
      active.leave(leaving);
    }

    /** Judges the last iterates, which no gradient pass has seen. */
    async function finish(active: ActiveSet): Promise<void> {
      const logits = judgeLast ? await classifier.logits(active.iterates) : undefined;
      active.rows.forEach((row, position) => {
        if (logits !== undefined) judge(active, position, logits, true);
        else candidates.replace(row, active.iterate(position), { reached: false, margin: NaN });
      });
    }

    /** Makes the current iterate a candidate, unless the model gave no finite answer on it. */
    function judge(active: ActiveSet, position: number, logits: Float32Array, final: boolean): Progress {
      const { goal, batch } = active.problem;
      const scores = sliceRow(logits, position, classifier.numClasses);
      const progress = progressOf(scores, batch.labels[position]!, goal, position);
      const [row, iterate] = [active.rows[position]!, active.iterate(position)];
      if (Number.isNaN(progress.margin)) return progress;
      if (keepBest) candidates.offer(row, iterate, progress);
      else candidates.replace(row, iterate, { ...progress, reached: progress.reached && final });
      return progress;
    }
  },
});
