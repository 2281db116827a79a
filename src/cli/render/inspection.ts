import { basename } from 'node:path';
import pc from 'picocolors';
import type { Inspection } from '../../results/schema/inspection.js';
import { plainTable } from '../../text/plain-table.js';

type Classifier = Inspection['classifier'];
type Usable = Extract<Classifier, { status: 'usable' }>;
type Blocked = Extract<Usable['gradient'], { status: 'blocked' }>;
type Value = Inspection['file']['inputs'][number];

const count = (value: number) => value.toLocaleString('en-US');

const SCALES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three digits with a unit, such as 1.23 MB. */
function scaled(value: number, unit: string): string {
  const [size, prefix] = SCALES.find(([from]) => value >= from) ?? [1, ''];
  return `${Number((value / size).toPrecision(3))} ${prefix}${unit}`;
}

/** What is in a model, for people. */
export function renderInspection({ model, file, classifier, warnings }: Inspection): string {
  const { parameters, operators } = file;
  const rows = [
    ['file', `${basename(model.path)}, ${scaled(model.bytes, 'B')}, ${FORMATS[file.format](file)}`],
    ['card', model.card === null ? 'none' : basename(model.card)],
    ...file.inputs.map((value) => ['input', describe(value)]),
    ...file.outputs.map((value) => ['output', describe(value)]),
    [
      'parameters',
      `${count(parameters.count)} in ${parameters.tensors} tensors, ${scaled(parameters.bytes, 'B')}`,
    ],
    ...(classifier.status === 'usable' ? classifierRows(classifier) : []),
  ];
  return [
    pc.bold(model.id),
    plainTable(['', ''], rows).trim(),
    '',
    plainTable(
      ['operator', 'count', 'gradient', ''],
      operators.map(({ operator, count: n, gradient, note }) => [
        operator,
        String(n),
        GRADIENTS[gradient],
        note,
      ]),
      { right: [1] },
    ),
    '',
    ...verdict(classifier),
    ...warnings.map((warning) => pc.yellow(warning)),
  ].join('\n');
}

/** As the operator table of the documentation says it. */
const GRADIENTS: Readonly<Record<Inspection['file']['operators'][number]['gradient'], string>> = {
  rule: 'passes',
  lowered: 'passes, rewritten',
  cut: 'zero',
  folded: 'none, folded',
  random: 'none, drawn',
  'straight-through': 'blocks',
  blocked: 'blocks',
  unknown: 'blocks',
};

const describe = ({ name, type, shape }: Value): string =>
  `${name}: ${type ?? 'undeclared'}${shape === null ? '' : `[${shape.join(', ')}]`}`;

const opsetsOf = (opsets: Inspection['file']['opsets']): string =>
  Object.entries(opsets)
    .map(([domain, version]) => `${domain === '' ? 'operator set' : domain} ${String(version)}`)
    .join(', ');

/** What a file is written in. */
const FORMATS: Readonly<Record<Inspection['file']['format'], (file: Inspection['file']) => string>> = {
  onnx: ({ opsets }) => opsetsOf(opsets),
  'tfjs-layers': ({ opsets }) => `TensorFlow.js layers, read as ${opsetsOf(opsets)}`,
  'tfjs-graph': ({ opsets }) => `TensorFlow.js graph, read as ${opsetsOf(opsets)}`,
};

function classifierRows({
  input,
  numClasses,
  logits,
  features,
  softmaxRemoved,
  stochastic,
  forwardFlops,
}: Usable) {
  const [lower, upper] = input.bounds;
  return [
    ['examples', `${input.shape.join(' x ')} (${input.layout}) in [${lower}, ${upper}]`],
    ['logits', `${logits}, ${numClasses} classes${softmaxRemoved ? ', below a Softmax' : ''}`],
    ...(features === null ? [] : [['features', features]]),
    ...stochastic.map(({ name, shape, distribution }) => [
      'draws',
      `${name}: ${distribution}[${shape.join(', ')}] per example`,
    ]),
    ['forward pass', `${scaled(forwardFlops, 'FLOP')} per example`],
  ];
}

/** Most blocking nodes that are listed. */
const LISTED = 10;

function verdict(classifier: Classifier): string[] {
  if (classifier.status === 'refused')
    return [pc.red(`Not usable as a classifier: ${classifier.reason}`), classifier.help];
  const { gradient } = classifier;
  if (gradient.status === 'passes') return [pc.green('Gradients pass from the logits to the input.')];
  const { blockers } = gradient;
  return [
    pc.red(`Gradients are blocked by ${blockers.length} node(s):`),
    ...blockers.slice(0, LISTED).map(({ operator, node, reason }) => `  ${operator} "${node}": ${reason}`),
    ...(blockers.length > LISTED ? [`  and ${blockers.length - LISTED} more`] : []),
    straightThrough(gradient),
    'Attacks that need no gradient run as they are.',
  ];
}

function straightThrough({ straightThroughPasses, straightThroughByCard }: Blocked): string {
  if (!straightThroughPasses) return 'Straight-through gradients would not pass either.';
  return straightThroughByCard
    ? 'The card asks for straight-through gradients; they pass.'
    : 'Straight-through gradients would pass (--straight-through).';
}
