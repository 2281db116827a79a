import type { Graph } from '../graph/ir.js';
import type { Inspection } from '../results/schema/inspection.js';

type Classifier = Inspection['classifier'];

const GROUPINGS = {
  any: [],
  multiples: ['are run in multiples of eight'],
  alone: ['are run, slowly, one at a time'],
} as const;

/** What a user should know before trusting numbers of the model, one sentence each. */
export function warningsAbout(file: Graph, hasCard: boolean, classifier: Classifier): string[] {
  if (classifier.status === 'refused') return [];
  const { softmaxRemoved, stochastic, grouping, input } = classifier;
  const [lower, upper] = input.bounds;
  const rows = (what: string, kind: keyof typeof GROUPINGS | null) =>
    GROUPINGS[kind ?? 'any'].map(
      (how) => `Examples ${how} in ${what} passes: a kernel's result for one depends on the others.`,
    );
  return [
    ...(hasCard
      ? []
      : [`There is no card: inputs are taken to be in [${lower}, ${upper}], without preprocessing.`]),
    ...(file.inputs.some(({ dims }) => dims[0] === 1)
      ? ['The file is for a batch of one; its batch axis was opened, and rows come out as they do alone.']
      : []),
    ...(softmaxRemoved ? ['The file ends in Softmax; attacks use the logits below it.'] : []),
    ...(stochastic.length > 0
      ? ['The model draws random numbers; they are fed from streams keyed by example.']
      : []),
    ...rows('forward', grouping.forward),
    ...rows('gradient', grouping.gradient),
  ];
}
