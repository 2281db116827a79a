/**
 * DeepFool: repeated steps onto the nearest of the linearised boundaries, until the label is lost.
 *
 * Moosavi-Dezfooli, Fawzi, Frossard, "DeepFool: a simple and accurate method to fool deep neural networks", CVPR 2016,
 * arXiv:1511.04599, algorithm 2; Linf by section 4, "Extension to l_p norm".
 *
 * Checked against Foolbox 3.3 L2DeepFoolAttack (`test/attacks/minimum-norm.slow.test.ts`), which takes the clean example's
 * best classes as candidates and adds 1e-4 to the length of each step, as the authors' code does. Deviations: boundaries are those
 * of the label, not of the class predicted; an example leaves at its first adversarial, judged by the first of the gradient passes of
 * a step.
 *
 * Limits: an upper bound of the distance: it ends at the first adversarial and does not look for a nearer one, as `ddn`,
 * `fmn` and `fab` do. One gradient per candidate class and step; no restarts. Gradients that are masked leave it without a
 * way.
 */
import {
  ActiveSet,
  allFinite,
  clipToWalls,
  Closest,
  defineAttack,
  distance,
  dualNorm,
  exampleSize,
  magnitude,
  minimumNormOf,
  progressOf,
  rowOf,
  sliceRow,
  steepestStep,
  wallsOf,
  wrongClassesByScore,
  type Vector,
} from '#plugin';

/** The shortest way to a boundary, without regard to the box. */
interface Way {
  readonly length: number;
  readonly slope: Vector;
}

/** Added to the length of each step, so that it crosses the boundary despite rounding; for values in [0, 1]. */
const EXTRA_LENGTH = 1e-4;

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'deepfool',
    title: 'DeepFool',
    summary:
      'Steps onto the nearest linearised boundary until the label is lost: cheap, and often far from minimal.',
    paper:
      'Moosavi-Dezfooli, Fawzi, Frossard, "DeepFool: a simple and accurate method to fool deep neural networks", CVPR 2016, arXiv:1511.04599',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum', 'lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted'],
    access: 'gradient',
    stochastic: false,
    cost: ({ steps, candidates }, { numClasses }) => ({
      forward: 2,
      gradient: steps * (Math.min(candidates, numClasses) - 1),
    }),
    linear: 'bound',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        default: 50,
        description: 'Steps at most; each takes a gradient per candidate but the label',
      },
      overshoot: {
        type: 'number',
        minimum: 0,
        maximum: 10,
        default: 0.02,
        description: 'How much further than to the boundary, as a share of the whole way so far',
      },
      candidates: {
        type: 'integer',
        minimum: 2,
        default: 10,
        description: 'Classes considered, the label and those with the largest logits on the clean example',
      },
    },
  },

  async run(classifier, batch, threat, goal, { steps, overshoot, candidates }, context) {
    const { numClasses, input } = classifier;
    const size = exampleSize(batch);
    const task = minimumNormOf(threat, batch, input.bounds);
    const norm = task.norm as 'linf' | 'l2';
    const extra = EXTRA_LENGTH * (input.bounds[1] - input.bounds[0]);
    const wallsAt = wallsOf(threat, batch, input.bounds);
    const closest = new Closest(batch);
    const ranks = Math.min(candidates, numClasses) - 1;
    const cleanLogits = await classifier.logits(batch);
    const ranking = Array.from(batch.labels, (label, row) =>
      wrongClassesByScore(sliceRow(cleanLogits, row, numClasses), label),
    );
    /** The whole way of each row so far, without overshoot. */
    const totals = batch.keys.map(() => new Float64Array(size));

    const active = new ActiveSet({ batch, threat, goal }, [...batch.keys.keys()]);
    active.rows.forEach((row, position) => {
      clipToWalls(active.iterate(position), wallsAt(row));
    });
    for (let step = 0; step < steps && active.rows.length > 0; step++) {
      context.signal.throwIfAborted();
      const ways = await nearest(active);
      active.rows.forEach((row, position) => {
        const way = ways.get(row);
        if (way !== undefined) advance(row, active.iterate(position), way);
      });
      active.leave(new Set([...active.rows.keys()].filter((position) => !ways.has(active.rows[position]!))));
      context.progress((step + 1) / steps);
    }
    if (active.rows.length > 0) judge(active, await classifier.logits(active.iterates));
    return task.proposal(closest);

    /** The nearest boundary of each example left, by row. Those that lost their label leave; those without a way have none. */
    async function nearest(active: ActiveSet): Promise<Map<number, Way>> {
      const ways = new Map<number, Way>();
      for (let rank = 0; rank < ranks && active.rows.length > 0; rank++) {
        const cotangent = new Float32Array(active.rows.length * numClasses);
        active.rows.forEach((row, position) => {
          cotangent[position * numClasses + ranking[row]![rank]!] = 1;
          cotangent[position * numClasses + batch.labels[row]!] = -1;
        });
        const { logits, gradient } = await classifier.vjp(active.iterates, cotangent);
        const leaving = rank === 0 ? judge(active, logits) : new Set<number>();
        active.rows.forEach((row, position) => {
          if (leaving.has(position)) return;
          const scores = sliceRow(logits, position, numClasses);
          const slope = sliceRow(gradient, position, size);
          const steepness = magnitude(dualNorm[norm], slope);
          if (!(steepness > 0) || !allFinite(slope)) return;
          const length = Math.abs(scores[ranking[row]![rank]!]! - scores[batch.labels[row]!]!) / steepness;
          if (length < (ways.get(row)?.length ?? Infinity)) ways.set(row, { length, slope });
        });
        active.leave(leaving);
      }
      return ways;
    }

    /** Keeps the iterates that lost their label. Returns their positions and those without a finite answer. */
    function judge(active: ActiveSet, logits: Float32Array): Set<number> {
      const leaving = new Set<number>();
      active.rows.forEach((row, position) => {
        const iterate = active.iterate(position);
        const scores = sliceRow(logits, position, numClasses);
        const { reached, margin } = progressOf(scores, batch.labels[row]!, goal, row);
        if (reached) closest.offer(row, iterate, distance(norm, iterate, rowOf(batch, row)));
        if (reached || Number.isNaN(margin)) leaving.add(position);
      });
      return leaving;
    }

    /** r <- r + step; x <- clip(x0 + (1 + overshoot) r). */
    function advance(row: number, iterate: Float32Array, { length, slope }: Way): void {
      const [origin, total] = [rowOf(batch, row), totals[row]!];
      steepestStep[norm](slope, total, length + extra);
      for (let i = 0; i < size; i++) {
        iterate[i] = origin[i]! + (1 + overshoot) * total[i]!;
      }
      clipToWalls(iterate, wallsAt(row));
    }
  },
});
