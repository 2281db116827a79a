/**
 * Bisection: turns an attack within a budget into one that looks for the nearest example. The smallest budget within which the
 * attack inside reaches the goal is bracketed and halved, for each example on its own.
 *
 * How the smallest budget is reported for attacks within one, e.g. Carlini, Athalye, Papernot et al., "On evaluating
 * adversarial robustness", 2019, arXiv:1902.06705, section 5.8.
 *
 * Checked against the closed-form optimum on linear classifiers (`test/attacks/closed-forms.test.ts`). Deviations: none, as
 * there is one paper and no code. Examples with the same budget are attacked together; budgets that a distance already found
 * rules out are not tried; the nearest adversarial is pulled in at the end.
 *
 * Limits: as good as the attack inside, which an unlucky failure can cost up to the width of the bracket: budgets that fail are
 * not tried again. Linf, L2 and L1 in which that attack works; each budget costs one run of it.
 */
import {
  Closest,
  defineAttack,
  distance,
  exampleSize,
  magnitude,
  minimumNormOf,
  progressOf,
  pullIn,
  restrictGoal,
  rowOf,
  sliceRow,
  takeExamples,
  type ConvexNorm,
  type Progress,
} from '#plugin';

/** While nothing was found, the budget grows by this factor. */
const RISE = 4;
/** A bracket this narrow, as a share of its upper end, is not halved any more. */
const PRECISION = 0.01;
/** What the attack inside follows unless told otherwise: cross-entropy fades before a boundary that is far away. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pgd: { loss: 'margin' },
};

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'bisection',
    title: 'Bisection',
    summary: 'Another attack within budgets that close in on the smallest with which it succeeds.',
    paper:
      'Carlini, Athalye, Papernot, Brendel, Rauber, Tsipras, Goodfellow, Madry, Kurakin, "On evaluating adversarial robustness", 2019, arXiv:1902.06705',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['minimum'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    runs: ({ attack, parameters }) => [{ attack, parameters: { ...DEFAULTS[attack], ...parameters } }],
    cost: ({ searches, pullSteps }, _model, [inner]) => ({
      forward: 1 + searches * (inner!.forward + 1) + pullSteps,
      gradient: searches * inner!.gradient,
    }),
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      attack: {
        type: 'string',
        enum: ['pgd', 'apgd', 'apgd-targeted', 'bim', 'fgsm', 'mifgsm', 'square', 'spsa', 'nes'],
        default: 'pgd',
        description: 'Attack that is run within the budgets; not every one of them works in every norm',
      },
      parameters: {
        type: 'object',
        additionalProperties: true,
        default: {},
        description: 'Its parameters, as JSON; pgd follows the margin unless told otherwise',
      },
      searches: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 12,
        description: 'Budgets tried per example',
      },
      initialBudget: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 2 ** -8,
        description:
          'First budget, as a share of the length of a change of every value by the width of the bounds',
      },
      pullSteps: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 3,
        description: 'Forward passes at the end that pull the nearest adversarial in',
      },
    },
  },

  async run(classifier, batch, threat, goal, settings, context) {
    const { attack, parameters, searches, initialBudget, pullSteps } = settings;
    const given = { ...DEFAULTS[attack], ...parameters };
    const size = exampleSize(batch);
    const [lower, upper] = classifier.input.bounds;
    const task = minimumNormOf(threat, batch, classifier.input.bounds);
    const norm = task.norm as ConvexNorm;
    const longest = magnitude(norm, new Float64Array(size).fill(upper - lower));
    const closest = new Closest(batch);
    const margins = new Float64Array(batch.keys.length);
    const brackets = batch.keys.map(() => new Bracket(initialBudget * longest));

    const all = [...batch.keys.keys()];
    const clean = await evaluate(
      all,
      all.map((row) => rowOf(batch, row)),
    );
    const cleanMargins = clean.map(({ margin }) => margin);
    let open = all.filter((row) => !clean[row]!.reached && !Number.isNaN(cleanMargins[row]));
    for (let search = 0; search < searches && open.length > 0; search++) {
      for (const [epsilon, rows] of sameBudget(open, brackets)) {
        const subset = takeExamples(batch, rows);
        const proposal = await context.runAttack(attack, given, subset, {
          threat: { kind: 'lp', norm, epsilon },
          goal: restrictGoal(goal, rows),
        });
        const points = rows.map((_row, position) => pointAt(proposal, position));
        const judged = await evaluate(rows, points);
        rows.forEach((row, position) =>
          brackets[row]!.report(judged[position]!.reached, closest.distances[row]!),
        );
      }
      open = open.filter((row) => brackets[row]!.worthAnother(longest));
      context.progress((search + 1) / searches);
    }
    const rows = all.filter((row) => closest.found(row) && !clean[row]!.reached);
    await pullIn({ rows, closest, margins, cleanMargins, task, steps: pullSteps }, evaluate);
    return task.proposal(closest);

    /** Judges points of some rows by a forward pass; what reaches the goal nearer than before is kept. */
    async function evaluate(rows: readonly number[], points: readonly Float32Array[]): Promise<Progress[]> {
      context.signal.throwIfAborted();
      const part = takeExamples(batch, rows);
      points.forEach((point, position) => part.data.set(point, position * size));
      const logits = await classifier.logits(part);
      return rows.map((row, position) => {
        const scores = sliceRow(logits, position, classifier.numClasses);
        const progress = progressOf(scores, batch.labels[row]!, goal, row);
        const point = points[position]!;
        if (progress.reached && closest.offer(row, point, distance(norm, point, rowOf(batch, row))))
          margins[row] = progress.margin;
        return progress;
      });
    }

    function pointAt(proposal: Awaited<ReturnType<typeof context.runAttack>>, position: number) {
      if (proposal.kind !== 'examples') throw new TypeError(`${attack} proposed no examples`);
      return sliceRow(proposal.data, position, size);
    }
  },
});

/** Rows by the budget to try next. */
function sameBudget(rows: readonly number[], brackets: readonly Bracket[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const { budget } = brackets[row]!;
    const group = groups.get(budget);
    if (group === undefined) groups.set(budget, [row]);
    else group.push(row);
  }
  return groups;
}

/** Between which budgets the smallest lies that is enough for one example. All go the same way until they differ. */
class Bracket {
  #failing = 0;
  #reaching = Infinity;
  budget: number;

  constructor(first: number) {
    this.budget = first;
  }

  /** Takes whether the budget was enough, and how near the nearest adversarial so far is; sets the next budget. */
  report(reached: boolean, nearest: number): void {
    if (reached) this.#reaching = this.budget;
    else this.#failing = this.budget;
    // What is nearer than a budget that failed shows that more luck was needed there.
    if (nearest <= this.#failing) this.#failing = 0;
    this.budget = this.#next();
    while (nearest <= this.budget) {
      this.#reaching = this.budget;
      this.budget = this.#next();
    }
  }

  /** Whether the next budget can show something new, where none is larger than the longest. */
  worthAnother(longest: number): boolean {
    if (this.#reaching === Infinity) return this.#failing < longest;
    return this.#reaching - this.#failing > PRECISION * this.#reaching;
  }

  #next(): number {
    return this.#reaching === Infinity ? RISE * this.budget : (this.#failing + this.#reaching) / 2;
  }
}
