import { GauntletError } from '../../errors.js';
import { fingerprintOf } from '../../fingerprint.js';
import { elementCount } from '../../tensor/tensor.js';
import type { Declared } from '../../evaluate/cell.js';
import type { ModelCard } from '../card.js';
import { Allowance } from '../defined/allowance.js';
import type { HttpModel, Predict } from '../defined/definition.js';
import { inputOf, type OpenModel } from '../defined/open-model.js';
import { exampleShape } from '../input.js';
import { readAddress } from './address.js';
import { HttpClient } from './client.js';
import { Conversation } from './conversation.js';
import { preprocessed } from './preprocessed.js';
import { protocols, type Protocol, type ServedMetadata, type ServedTensor } from './protocol.js';

const DEFAULT_BATCH = 32;
const DEFAULT_CONCURRENCY = 4;

/**
 * Asks a server what it serves and makes that a model ready to be asked. Its identity is what is known of it: URL, version, inputs,
 * outputs and what its card says of the computation.
 * @param card what the server does not say
 * @throws GauntletError USAGE for a URL that is none, MODEL_FAILED, MODEL_ANSWER for metadata that make no sense, MODEL_INVALID for a
 *   model that is no classifier, CARD_INVALID when card and server disagree; the signal's reason
 */
export async function openEndpoint(
  definition: HttpModel,
  card: ModelCard | undefined,
  signal: AbortSignal,
): Promise<OpenModel> {
  const { protocol: id, name, url } = readAddress(definition.url);
  const protocol = protocols[id];
  const conversation = new Conversation(new HttpClient(definition), protocol, url);
  const metadata = await conversation.metadata(signal);
  const said = merged(definition, card);

  const served = only(metadata.inputs, 'inputs', url);
  const input = inputOf({ ...said.input, shape: shapeOf(served, said.input?.shape, url) }, url);
  requireFloats(served, protocol, url);
  const output = chosenOutput(metadata, said.output, url);
  const numClasses = classesOf(output, said.numClasses, url);

  const { version } = metadata;
  const declared: Declared = { by: id, ...(version !== undefined && { version }), gradients: false };
  const { scores = 'logits', preprocessing, batchSize = DEFAULT_BATCH } = said;
  const identity = {
    declared,
    url,
    input,
    numClasses,
    scores,
    preprocessing,
    output: output?.name ?? said.output,
  };
  const prepare = preprocessed(preprocessing, input, url);
  const modelId =
    said.id ?? (name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'model');
  const fixed = served?.shape?.[0] ?? null;
  const ask: Predict = (batch, n, stop) =>
    conversation.scores(
      {
        input: served,
        output: output?.name ?? said.output,
        rows: n,
        shape: input.shape,
        data: prepare(batch),
      },
      numClasses,
      stop,
    );
  return {
    reference: { id: modelId, path: url, sha256: fingerprintOf(identity), declared },
    ...{ input, numClasses, scores },
    predict: finiteAlone(fixed === null ? ask : filledUp(ask, fixed), elementCount(input.shape), numClasses),
    batchSize: fixed ?? batchSize,
    concurrency: said.concurrency ?? DEFAULT_CONCURRENCY,
    allowance: new Allowance(modelId, definition.queryBudget),
  };
}

type Said = Pick<
  HttpModel,
  'id' | 'input' | 'numClasses' | 'scores' | 'output' | 'batchSize' | 'concurrency'
> &
  Pick<ModelCard, 'preprocessing'>;

/** What definition and card say, the definition first. */
function merged(definition: HttpModel, card: ModelCard | undefined): Said {
  const { id, input, numClasses, output, preprocessing, endpoint = {} } = card ?? {};
  const [lower, upper] = input?.bounds ?? [];
  const given = Object.entries(definition).filter(([, value]) => value !== undefined);
  return {
    ...{ ...(id !== undefined && { id }), ...(numClasses !== undefined && { numClasses }) },
    ...{ ...(output !== undefined && { output }), ...(preprocessing !== undefined && { preprocessing }) },
    ...endpoint,
    ...Object.fromEntries(given),
    input: {
      ...(input?.shape && { shape: input.shape }),
      ...(input?.layout && { layout: input.layout }),
      ...(lower !== undefined && upper !== undefined && { bounds: [lower, upper] as const }),
      ...definition.input,
    },
  };
}

/** The one input; undefined where the server says nothing of them. */
function only(tensors: readonly ServedTensor[], what: string, url: string): ServedTensor | undefined {
  if (tensors.length <= 1) return tensors[0];
  throw new GauntletError(
    'MODEL_INVALID',
    `${url}: a classifier takes one input, this model has ${tensors.length} ${what}: ${listed(tensors)}`,
    { help: 'Serve the model with one input of examples.' },
  );
}

function shapeOf(
  served: ServedTensor | undefined,
  given: readonly number[] | undefined,
  url: string,
): readonly number[] {
  if (served?.shape !== undefined && served.shape.length < 2 && given === undefined) {
    throw new GauntletError(
      'MODEL_INVALID',
      `${url}: the input must be a batch, the server has ${listed([served])}`,
      {
        help: 'Serve the model with a batch axis in front.',
      },
    );
  }
  const dims = served?.shape?.slice(1).map((size) => size ?? 'open');
  return exampleShape(dims ?? given?.map(() => 'open') ?? ['open'], given, url);
}

function requireFloats(served: ServedTensor | undefined, protocol: Protocol, url: string): void {
  if (served === undefined || protocol.floats.includes(served.datatype)) return;
  throw new GauntletError(
    'MODEL_INVALID',
    `${url}: the input must be one of ${protocol.floats.join(', ')}, the server has ${listed([served])}`,
    { help: 'Serve the model from its first floating-point layer on.' },
  );
}

function chosenOutput(
  { outputs }: ServedMetadata,
  name: string | undefined,
  url: string,
): ServedTensor | undefined {
  const chosen =
    name === undefined
      ? outputs.length > 1
        ? undefined
        : outputs[0]
      : outputs.find((one) => one.name === name);
  if (chosen !== undefined || outputs.length === 0) return chosen;
  throw new GauntletError(
    name === undefined ? 'MODEL_INVALID' : 'CARD_INVALID',
    `${url}: ${name === undefined ? 'several outputs could be the scores' : `there is no output "${name}"`}: ${listed(outputs)}`,
    { help: 'Name the one that holds the scores with --output, or as `output` in the card.' },
  );
}

/** Number of classes: what is in a row of the output. */
function classesOf(output: ServedTensor | undefined, given: number | undefined, url: string): number {
  const sizes = output?.shape?.slice(1);
  const found = sizes === undefined || sizes.includes(null) ? undefined : elementCount(sizes as number[]);
  if (found !== undefined && given !== undefined && found !== given) {
    throw new GauntletError(
      'CARD_INVALID',
      `${url}: numClasses is ${given}, the server has ${listed([output!])}`,
    );
  }
  const numClasses = given ?? found;
  if (numClasses === undefined) {
    throw new GauntletError('MODEL_INVALID', `${url}: the server does not say how many classes there are`, {
      help: 'Give a card with numClasses.',
    });
  }
  if (numClasses >= 2) return numClasses;
  throw new GauntletError(
    'MODEL_INVALID',
    `${url}: the output has ${numClasses} value per example, a classifier needs 2`,
    {
      help: 'Serve a score for each class, [0, score] where there is one.',
    },
  );
}

const listed = (tensors: readonly ServedTensor[]): string =>
  tensors
    .map(
      ({ name, datatype, shape }) =>
        `${name}: ${datatype}[${shape?.map((size) => size ?? '-1').join(', ') ?? '?'}]`,
    )
    .join('; ');

/** A server that takes so many rows and no others gets copies of the last one, whose answers are dropped. */
function filledUp(ask: Predict, rows: number): Predict {
  return async (batch, n, signal) => {
    if (n === rows) return ask(batch, n, signal);
    const size = batch.length / n;
    const filled = new Float32Array(rows * size);
    filled.set(batch);
    for (let row = n; row < rows; row++) filled.set(batch.subarray((n - 1) * size), row * size);
    const answer = await ask(filled, rows, signal);
    return Array.from(answer).slice(0, (answer.length / rows) * n);
  };
}

/** JSON has no numbers that are not finite: such an example is not asked about and has no scores. */
function finiteAlone(ask: Predict, size: number, width: number): Predict {
  return async (batch, n, signal) => {
    const rows = Array.from({ length: n }, (_, row) => row).filter((row) =>
      batch.subarray(row * size, (row + 1) * size).every(Number.isFinite),
    );
    if (rows.length === n) return ask(batch, n, signal);
    const out = new Float32Array(n * width).fill(NaN);
    if (rows.length === 0) return out;
    const finite = new Float32Array(rows.length * size);
    rows.forEach((row, i) => finite.set(batch.subarray(row * size, (row + 1) * size), i * size));
    const answer = await ask(finite, rows.length, signal);
    rows.forEach((row, i) => out.set(Array.from(answer).slice(i * width, (i + 1) * width), row * width));
    return out;
  };
}
