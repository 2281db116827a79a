/**
 * Expectation Over Transformation: another attack, on a model whose logits and gradients are means over its random draws.
 *
 * Athalye, Engstrom, Ilyas, Kwok, "Synthesizing robust adversarial examples", ICML 2018, arXiv:1707.07397. Athalye, Carlini,
 * Wagner, "Obfuscated gradients give a false sense of security", ICML 2018, arXiv:1802.00420, section 4.2: the attack on
 * defences that draw random numbers.
 *
 * Reference: the expectation of the loss of section 4.2 (there: 30 draws per step). Every pass has fresh draws, those of an
 * example keyed by how many passes it has seen; the judge's are others. Deviations: where the mean is beyond the boundary by
 * less than the margin varies between draws, an example does not count as fooled yet, because other draws would not agree; so the
 * inner attack goes on. On a model that draws nothing it is the inner attack, or does nothing where it stands among others.
 *
 * Limits: means over few draws are noisy, and every pass costs `draws` passes. It helps against what a model draws at
 * random, not against gradients that are masked otherwise. The attack inside keeps its own limits.
 */
import {
  argmax,
  defineAttack,
  progressOf,
  sliceRow,
  takeRows,
  type Batch,
  type Classifier,
  type Draw,
  type Goal,
  type LabelledBatch,
} from '#plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: 'eot',
    title: 'EOT',
    summary: 'Another attack on the mean of a random model’s logits and gradients over fresh draws.',
    paper:
      'Athalye, Carlini, Wagner, "Obfuscated gradients give a false sense of security", ICML 2018, arXiv:1802.00420',
    version: '1.2.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient',
    stochastic: true,
    runs: ({ attack, parameters }) => [{ attack, parameters }],
    cost: ({ draws, otherwise }, { stochastic = true }, [inner]) => {
      const passes = stochastic ? draws : otherwise === 'attack' ? 1 : 0;
      return { forward: inner!.forward * passes, gradient: inner!.gradient * passes };
    },
    linear: 'exact',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      attack: {
        type: 'string',
        enum: ['pgd', 'apgd', 'bim', 'fgsm'],
        default: 'pgd',
        description: 'Attack that is run on the means',
      },
      parameters: {
        type: 'object',
        additionalProperties: true,
        default: {},
        description: 'Its parameters, as JSON',
      },
      draws: {
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        default: 20,
        description: 'Draws that a mean is taken over',
      },
      confidence: {
        type: 'number',
        minimum: 0,
        maximum: 10,
        default: 1,
        description:
          'How far the mean margin must be beyond the boundary for a success, in standard deviations of the margin between draws',
      },
      otherwise: {
        type: 'string',
        enum: ['attack', 'nothing'],
        default: 'attack',
        description: 'What is done to a model that draws nothing: the attack itself, or nothing',
      },
    },
  },

  async run(classifier, batch, _threat, goal, options, context) {
    const { attack, parameters, draws, confidence, otherwise } = options;
    if (!classifier.stochastic) {
      if (otherwise === 'attack') return context.runAttack(attack, parameters, batch);
      return { kind: 'examples', data: batch.data.slice() };
    }
    const seed = context.random(0, 'draws').integer(2 ** 31);
    const means = meanOver(classifier, { draws, seed, caution: cautionFor(batch, goal, confidence) });
    return context.runAttack(attack, parameters, batch, { classifier: means });
  },
});

/** Asks for `width[name]` values per example under one draw. */
type Pass<K extends string> = (
  batch: Batch,
  rows: readonly number[],
  draw: Draw,
) => Promise<Record<K, Float32Array>>;

/** Makes the mean logits of an example say less of the goal than they do, by how much its draws differ. */
interface Caution {
  /** Takes note of the logits of one draw. */
  note(key: number, logits: Float32Array): void;
  /** Lowers the margin that mean logits show, in place, and forgets the draws. */
  apply(key: number, mean: Float32Array): void;
}

function cautionFor({ keys, labels }: LabelledBatch, goal: Goal, confidence: number): Caution {
  const rows = new Map(keys.map((key, row) => [key, row]));
  const margins = keys.map((): number[] => []);
  return {
    note: (key, logits) => {
      const row = rows.get(key)!;
      margins[row]!.push(progressOf(logits, labels[row]!, goal, row).margin);
    },
    apply: (key, mean) => {
      const row = rows.get(key)!;
      const doubt = confidence * standardDeviation(margins[row]!);
      margins[row] = [];
      if (goal.kind === 'targeted') mean[goal.targets[row]!]! -= doubt;
      else mean[labels[row]!]! += doubt;
    },
  };
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

interface MeanOptions {
  readonly draws: number;
  readonly seed: number;
  readonly caution: Caution;
}

/** The classifier whose every answer is the mean of the model's over fresh draws; classes are those of the majority. */
function meanOver(model: Classifier, { draws, seed, caution }: MeanOptions): Classifier {
  const { numClasses } = model;
  const seen = new Map<number, number>();

  /** Means of what a pass gives. Examples that have seen the same number of passes go together, whatever the batch. */
  async function mean<K extends string>(batch: Batch, widths: Readonly<Record<K, number>>, pass: Pass<K>) {
    const names = Object.keys(widths) as K[];
    const count = batch.keys.length;
    const sums = Object.fromEntries(
      names.map((name) => [name, new Float64Array(count * widths[name])]),
    ) as Record<K, Float64Array>;
    for (const [round, rows] of roundsOf(batch.keys)) {
      const part = {
        ...batch,
        keys: rows.map((row) => batch.keys[row]!),
        data: take(batch.data, rows, count),
      };
      for (let draw = 0; draw < draws; draw++) {
        const values = await pass(part, rows, { seed, purpose: 'eot', index: round * draws + draw });
        for (const name of names) add(values[name], sums[name], rows, widths[name]);
        const { logits } = values as { readonly logits?: Float32Array };
        if (logits !== undefined)
          rows.forEach((row, i) => caution.note(batch.keys[row]!, sliceRow(logits, i, numClasses)));
      }
    }
    const means = Object.fromEntries(
      names.map((name) => [name, Float32Array.from(sums[name], (sum) => sum / draws)]),
    ) as Record<K, Float32Array>;
    const { logits } = means as { readonly logits?: Float32Array };
    if (logits !== undefined)
      batch.keys.forEach((key, row) => caution.apply(key, sliceRow(logits, row, numClasses)));
    return means;
  }

  function roundsOf(keys: readonly number[]): Map<number, number[]> {
    const rounds = new Map<number, number[]>();
    keys.forEach((key, row) => {
      const round = seen.get(key) ?? 0;
      rounds.set(round, [...(rounds.get(round) ?? []), row]);
    });
    for (const key of new Set(keys)) seen.set(key, (seen.get(key) ?? 0) + 1);
    return rounds;
  }

  const sizeOf = (batch: Batch): number => batch.data.length / batch.keys.length;
  return {
    input: model.input,
    numClasses,
    stochastic: false,
    predict: async (batch) => {
      const { votes } = await mean(batch, { votes: numClasses }, async (part, _rows, draw) => {
        const ballots = new Float32Array(part.keys.length * numClasses);
        const predicted = await model.predict(part, draw);
        predicted.forEach((label, row) => {
          if (label < 0) ballots.fill(NaN, row * numClasses, (row + 1) * numClasses);
          else ballots[row * numClasses + label] = 1;
        });
        return { votes: ballots };
      });
      return Int32Array.from(batch.keys, (_key, row) => argmax(sliceRow(votes, row, numClasses)));
    },
    logits: async (batch) => {
      const pass: Pass<'logits'> = async (part, _rows, draw) => ({ logits: await model.logits(part, draw) });
      return (await mean(batch, { logits: numClasses }, pass)).logits;
    },
    features: (batch) => model.features(batch),
    lossGradient: (batch, { labels, targets, loss }) => {
      const widths = { logits: numClasses, loss: 1, gradient: sizeOf(batch) };
      return mean(batch, widths, async (part, rows, draw) => {
        const of = (classes: Int32Array): Int32Array => Int32Array.from(rows, (row) => classes[row]!);
        const request = { labels: of(labels), loss, ...(targets && { targets: of(targets) }) };
        return { ...(await model.lossGradient(part, request, draw)) };
      });
    },
    vjp: (batch, cotangent) =>
      mean(batch, { logits: numClasses, gradient: sizeOf(batch) }, (part, rows, draw) =>
        model.vjp(part, take(cotangent, rows, batch.keys.length), draw),
      ),
  };
}

const take = (values: Float32Array, rows: readonly number[], count: number): Float32Array =>
  takeRows(values, rows, values.length / count);

function add(values: Float32Array, sums: Float64Array, rows: readonly number[], width: number): void {
  for (let i = 0; i < rows.length; i++) {
    const [from, to] = [i * width, rows[i]! * width];
    for (let k = 0; k < width; k++) sums[to + k]! += values[from + k]!;
  }
}
