import type { Classifier } from '../classifier/classifier.js';
import type { DataReference, Split } from '../data/dataset.js';
import { knownDatasets } from '../data/known.js';
import { GauntletError } from '../errors.js';
import { readExamples } from '../evaluate/inputs.js';
import type { Services } from '../evaluate/services.js';
import { deepFoolPaper, summariseDeepFool } from '../metrics/latent/deepfool-paper.js';
import { linearProbe } from '../metrics/latent/linear-probe.js';
import { measurePoints } from '../metrics/latent/measure.js';
import type { Normalisation } from '../metrics/latent/normalisation.js';
import { readCard, type ModelCard } from '../models/card.js';
import { resolveModel } from '../models/reference.js';
import { resizeOf } from '../models/resize.js';
import { packageVersion } from '../resources.js';
import type { LatentReport } from '../results/schema/latent.js';
import { collectPoints, type CollectedPoints } from './latent-points.js';
import { chooseNormalisation } from './latent-normalisation.js';
import { openRuntime, type RuntimeOptions } from './runtime.js';

/** Which latent space to measure, and on what. */
export interface MeasureLatentRequest {
  /** Zoo id, or path of a model whose card names its penultimate layer (`features`). */
  readonly model: string;
  /** Path of its card, if it is not beside the model. */
  readonly card?: string;
  /** Graph output that holds the logits; what the card says by default. */
  readonly output?: string;
  /** Data set id or path of the images to measure on; the one the model's card names by default. */
  readonly data?: string;
  /** `test` by default. */
  readonly split?: Split;
  /** Only the first so many images; all by default. */
  readonly examples?: number;
  /**
   * Training images, read as split `train`: a data set id or path; by default those of `data` where that is an id, else none.
   * Null: none. Without them there is no collapse on the training set and no reliability, and code words come from the images
   * measured.
   */
  readonly trainData?: string | null;
  /** Only the first so many training images, those of `transfer` too; all by default. */
  readonly trainExamples?: number;
  /**
   * Data set whose classes a linear probe on the features learns (split `train`) and is tested on (split `test`); none by
   * default.
   */
  readonly transfer?: string;
  /** Runs the paper's DeepFool on the first so many images; none by default, 1,000 in the paper. */
  readonly deepfool?: number;
  /** Coordinates of its distances; by default what chooseNormalisation says. */
  readonly normalisation?: Normalisation;
  /** Seed of the validation split of the probe, 0 by default. */
  readonly seed?: number;
}

export interface MeasureLatentOptions extends Pick<RuntimeOptions, 'dataDir'> {
  readonly signal?: AbortSignal;
  /** Called with the share of a part that is done, and the part's name. */
  readonly onProgress?: (share: number, part: string) => void;
}

/** Images per call of DeepFool; results do not depend on it. */
const DEEPFOOL_BATCH = 200;

/**
 * Measures the latent space of a model: collapse, binarity, code book, reliability, calibration; on request the paper's DeepFool
 * figure and transfer.
 * @throws GauntletError NO_FEATURES, USAGE (no data), INDEX_RANGE, DATA_MISMATCH, GRADIENT_BLOCKED, and those of loading models
 * and data; the
 *   signal's reason when aborted
 */
export async function measureLatent(
  request: MeasureLatentRequest,
  options: MeasureLatentOptions = {},
): Promise<LatentReport> {
  const { dataDir, signal, onProgress } = options;
  const runtime = await openRuntime({ executor: 'inline', ...(dataDir === undefined ? {} : { dataDir }) });
  try {
    const { services } = runtime;
    const { card: cardPath, output } = request;
    const model = await resolveModel(request.model, {
      ...(cardPath === undefined ? {} : { card: cardPath }),
      ...(output === undefined ? {} : { output }),
    });
    const card = model.card === undefined ? undefined : await readCard(model.card);
    const source = sourceOf(request, model.id, card);
    const shared = { ...(dataDir === undefined ? {} : { dataDir }), ...(await resizeOf([model])) };
    const reference = (of: string, split: Split): DataReference => ({ source: of, split, ...shared });
    const classifier = await services.classifier(model);
    const collect = (data: DataReference, examples: number | undefined, classes: 'model' | 'data') =>
      collectPoints(services, classifier, {
        ...{ data, classes },
        ...(examples === undefined ? {} : { examples }),
        ...(signal === undefined ? {} : { signal }),
        onProgress: (share) => onProgress?.(share, `features of ${data.source} (${data.split})`),
      });

    const measured = reference(source, request.split ?? 'test');
    const test = await collect(measured, request.examples, 'model');
    const trainSource = trainSourceOf(request, source);
    const trainData = trainSource === null ? undefined : reference(trainSource, 'train');
    const train = trainData === undefined ? null : await collect(trainData, request.trainExamples, 'model');
    onProgress?.(0, 'measures');
    const figures = measurePoints(test.points, train?.points ?? null);
    signal?.throwIfAborted();
    return {
      schemaVersion: 1,
      kind: 'latent',
      tool: { name: 'gauntlet', version: packageVersion },
      engine: runtime.engine,
      model: { id: model.id, sha256: model.sha256 },
      ...{ width: test.points.width, numClasses: classifier.numClasses },
      ...{ data: test.set, trainData: train?.set ?? null },
      ...figures,
      deepfool: await deepfoolOf({ request, options, services, classifier, measured, trainData, card }),
      transfer: await transferOf(request, (split, examples) =>
        collect(reference(request.transfer!, split), examples, 'data'),
      ),
    };
  } finally {
    await runtime.close();
  }
}

function sourceOf({ data }: MeasureLatentRequest, id: string, card: ModelCard | undefined): string {
  const source = data ?? card?.data?.source;
  if (source !== undefined) return source;
  throw new GauntletError('USAGE', `No data were given, and no card says what ${id} was made for.`, {
    help: 'Give --data: an id such as mnist, or the path of an .npz file or a folder.',
  });
}

/** A path need not have a training split: an .npz file is the same whichever is asked for. */
function trainSourceOf({ trainData }: MeasureLatentRequest, source: string): string | null {
  return trainData === undefined ? (Object.hasOwn(knownDatasets, source) ? source : null) : trainData;
}

interface DeepFoolJob {
  readonly request: MeasureLatentRequest;
  readonly options: MeasureLatentOptions;
  readonly services: Services;
  readonly classifier: Classifier;
  readonly measured: DataReference;
  readonly trainData: DataReference | undefined;
  readonly card: ModelCard | undefined;
}

async function deepfoolOf(job: DeepFoolJob): Promise<LatentReport['deepfool']> {
  const { request, options, services, classifier, measured, trainData, card } = job;
  const count = request.deepfool ?? 0;
  if (count === 0) return null;
  const open = (data: DataReference) => services.dataset({ ...data, fingerprint: '', indices: [] });
  const { length } = await open(measured);
  if (count > length) {
    throw new GauntletError('INDEX_RANGE', `DeepFool was to run on ${count} images, there are ${length}`);
  }
  const normalisation = await chooseNormalisation({
    ...{ requested: request.normalisation, card, input: classifier.input },
    train: trainData === undefined ? undefined : await open(trainData),
  });
  const outcomes = [];
  for (let start = 0; start < count; start += DEEPFOOL_BATCH) {
    options.signal?.throwIfAborted();
    const size = Math.min(DEEPFOOL_BATCH, count - start);
    const indices = Array.from({ length: size }, (_, i) => start + i);
    const batch = await readExamples(
      services,
      { ...measured, fingerprint: '', indices },
      indices,
      classifier,
    );
    outcomes.push(...(await deepFoolPaper(classifier, batch, normalisation)));
    options.onProgress?.((start + size) / count, 'DeepFool');
  }
  return { ...summariseDeepFool(outcomes), normalisation };
}

async function transferOf(
  { transfer, trainExamples, seed = 0 }: MeasureLatentRequest,
  collect: (split: Split, examples: number | undefined) => Promise<CollectedPoints>,
): Promise<LatentReport['transfer']> {
  if (transfer === undefined) return null;
  const train = await collect('train', trainExamples);
  const test = await collect('test', undefined);
  const numClasses = Math.max(train.labelClasses, test.labelClasses);
  const probe = linearProbe({ ...train.points, numClasses }, { ...test.points, numClasses }, seed);
  return { train: train.set, test: test.set, seed, probe };
}
