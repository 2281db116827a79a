/**
 * Contrast reduction: blends each example with mid-grey, more and more until the prediction changes. Under a budget the
 * strongest blend is the one that just fits; without one the first blend that fools is refined by bisection. A control.
 *
 * Reference: Foolbox 3.3 LinearSearchContrastReductionAttack and BinarySearchContrastReductionAttack. Deviations: the search
 * scans first and bisects then, so that a blend that fools is not missed because full grey does not.
 *
 * Limits: a control: it looks along one line, towards grey, and says nothing about what lies beside it.
 */
import {
  boxOf,
  Closest,
  defineAttack,
  distance,
  exampleSize,
  reachesGoal,
  rowOf,
  sliceRow,
  takeExamples,
  withData,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'contrast-reduction',
    title: 'Contrast reduction',
    summary: 'Blends the example with mid-grey until the prediction changes.',
    paper: 'none: a control',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box', 'minimum'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'decision',
    stochastic: false,
    cost: ({ steps, bisections }) => ({ forward: steps + bisections, gradient: 0 }),
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
        default: 20,
        description: 'Equally spaced blends to try, weakest first',
      },
      bisections: {
        type: 'integer',
        minimum: 0,
        maximum: 50,
        default: 10,
        description:
          'Halvings between the last blend that did not fool and the first that did (minimum threats)',
      },
    },
  },

  async run(classifier, batch, threat, goal, { steps, bisections }, context) {
    const { max, abs } = Math;
    const [lower, upper] = classifier.input.bounds;
    const grey = (lower + upper) / 2;
    const size = exampleSize(batch);
    const norm = 'norm' in threat ? threat.norm : 'linf';
    const closest = new Closest(batch);
    const walls = threat.kind === 'box' ? boxOf(threat, batch, classifier.input.bounds) : null;
    const strongest = batch.keys.map((_key, row) => strongestBlend(row));
    /** Per row: a blend that does not fool, and a stronger one that does (Infinity until one is known). */
    const below = strongest.map(() => 0);
    const above = strongest.map(() => Infinity);

    for (let step = 1; step <= steps; step++) {
      const rows = [...batch.keys.keys()].filter((row) => above[row] === Infinity);
      await tryBlends(rows, (row) => (strongest[row]! * step) / steps);
    }
    // A budget says how far is allowed; only without one does nearer count.
    for (let halving = 0; threat.kind === 'minimum' && halving < bisections; halving++) {
      const rows = [...batch.keys.keys()].filter((row) => above[row]! < Infinity);
      await tryBlends(rows, (row) => (below[row]! + above[row]!) / 2);
    }
    if (threat.kind !== 'minimum') proposeStrongest();
    return { kind: 'examples', data: closest.data };

    async function tryBlends(rows: readonly number[], blendOf: (row: number) => number): Promise<void> {
      context.signal.throwIfAborted();
      if (rows.length === 0) return;
      const data = new Float32Array(rows.length * size);
      rows.forEach((row, position) => blendInto(sliceRow(data, position, size), row, blendOf(row)));
      const predicted = await classifier.predict(withData(takeExamples(batch, rows), data));
      rows.forEach((row, position) => {
        const blend = blendOf(row);
        if (!reachesGoal(predicted[position]!, batch.labels[row]!, goal, row)) below[row] = blend;
        else {
          above[row] = blend;
          const point = data.subarray(position * size, (position + 1) * size);
          closest.offer(row, point, distance(norm, point, rowOf(batch, row)));
        }
      });
    }

    function blendInto(out: Float32Array, row: number, blend: number): void {
      const clean = rowOf(batch, row);
      for (let i = 0; i < size; i++) out[i] = clean[i]! + blend * (grey - clean[i]!);
    }

    /** The largest share of grey, up to 1, that the threat allows the row. */
    function strongestBlend(row: number): number {
      const clean = rowOf(batch, row);
      if (walls !== null) {
        let share = 1;
        for (let i = 0; i < size; i++) {
          const way = grey - clean[i]!;
          const wall = (way > 0 ? walls.upper : walls.lower)[row * size + i]!;
          if (way !== 0) share = Math.min(share, max((wall - clean[i]!) / way, 0));
        }
        return share;
      }
      if (threat.kind !== 'lp') return 1;
      const whole = distance(norm, new Float32Array(size).fill(grey), clean);
      return whole > threat.epsilon ? threat.epsilon / max(abs(whole), Number.MIN_VALUE) : 1;
    }

    function proposeStrongest(): void {
      for (const row of batch.keys.keys()) {
        if (!closest.found(row)) blendInto(sliceRow(closest.data, row, size), row, strongest[row]!);
      }
    }
  },
});
