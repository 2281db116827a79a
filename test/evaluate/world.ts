import type { EngineClassifier } from '../../src/classifier/engine-classifier.js';
import type { Dataset } from '../../src/data/dataset.js';
import { openArchive } from '../../src/data/archives/open.js';
import { texturesOf } from '../../src/data/textures.js';
import type { EngineInfo } from '../../src/evaluate/assemble.js';
import type { AttackStage, CellPlan, CellSpec } from '../../src/evaluate/cell.js';
import { inlineExecutor } from '../../src/evaluate/inline.js';
import type { RunOptions } from '../../src/evaluate/run.js';
import type { Services } from '../../src/evaluate/services.js';
import { specifyCell } from '../../src/evaluate/specify.js';
import { GauntletError } from '../../src/errors.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import type { AttackMetadata, AttackPlugin, Proposal } from '../../src/plugin/attack.js';
import type { CorruptionPlugin } from '../../src/plugin/corruption.js';
import type { ThreatSpec } from '../../src/plugin/threat.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { classifierOf } from '../classifier/loaded.js';
import { randomFloats, randomTensor } from '../fixtures/graphs.js';

const PIXELS = 16;
export const ENGINE: EngineInfo = { id: 'onnxruntime', version: 'test' };
export const LINF: ThreatSpec = { kind: 'lp', norm: 'linf', epsilon: 0.1 };

/** A linear classifier of 4 x 4 images in three classes; with `blind`, its logits are NaN where the first pixel is 0. */
export function linearGraph(options: { blind?: boolean } = {}): Graph {
  const builder = new GraphBuilder({ name: 'linear', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 1, 4, 4]);
  const flat = builder.add('Flatten', [x]);
  const weights = builder.initializer('w', randomTensor(3, [PIXELS, 3], 1));
  let logits = builder.add('MatMul', [flat, weights]);
  if (options.blind === true) {
    const selector = builder.initializer(
      'first',
      floatTensor(
        Float32Array.from({ length: PIXELS }, (_v, i) => (i === 0 ? 1 : 0)),
        [PIXELS, 1],
      ),
    );
    const first = builder.add('MatMul', [flat, selector]);
    // 0 * log(0) is NaN; for every other pixel value it is 0.
    logits = builder.add('Add', [
      logits,
      builder.add('Mul', [builder.add('Log', [first]), builder.scalar(0)]),
    ]);
  }
  builder.addNamed('Identity', [logits], 'logits');
  builder.output('logits', 'float32', [BATCH, 3]);
  return builder.build();
}

/** Random images whose labels are the classifier's own predictions, but for every seventh. */
export async function imagesFor(
  classifier: EngineClassifier,
  count: number,
  zeroFirstPixel: readonly number[] = [],
): Promise<Dataset> {
  const data = randomFloats(11, count * PIXELS).map((value) => (value + 1) / 2);
  for (const index of zeroFirstPixel) data[index * PIXELS] = 0;
  const keys = Array.from({ length: count }, (_value, i) => i);
  const predicted = await classifier.predict({ shape: [1, 4, 4], data, keys });
  const labels = predicted.map((label, i) =>
    i % 7 === 6 ? (Math.max(label, 0) + 1) % 3 : Math.max(label, 0),
  );
  return {
    id: 'random-images',
    split: 'test',
    length: count,
    shape: [1, 4, 4],
    numClasses: 3,
    fingerprint: 'f'.repeat(64),
    read: (indices) =>
      Promise.resolve({
        shape: [1, 4, 4],
        keys: [...indices],
        data: Float32Array.from(
          indices.flatMap((index) => [...data.subarray(index * PIXELS, (index + 1) * PIXELS)]),
        ),
        labels: Int32Array.from(indices, (index) => labels[index]!),
      }),
  };
}

export interface World {
  readonly classifier: EngineClassifier;
  readonly dataset: Dataset;
  readonly services: Services;
  spec(plan: CellPlan, options?: { indices?: readonly number[]; seed?: number; entry?: string }): CellSpec;
  options(overrides?: Partial<RunOptions>): RunOptions;
}

/** A model, a data set and plugins in memory, on the real engine. */
export async function world(
  plugins: { attacks?: readonly AttackPlugin[]; corruptions?: readonly CorruptionPlugin[] },
  setup: {
    blind?: boolean;
    count?: number;
    zeroFirstPixel?: readonly number[];
    /** The model, a linear one by default; of 4 x 4 images in three classes. */
    graph?: Graph;
    straightThrough?: boolean;
  } = {},
): Promise<World> {
  const { straightThrough = false, graph = linearGraph(setup) } = setup;
  const classifier = await classifierOf(graph, {}, { straightThrough });
  const count = setup.count ?? 40;
  const dataset = await imagesFor(classifier, count, setup.zeroFirstPixel);
  const find = <T extends { metadata: { id: string } }>(
    list: readonly T[] | undefined,
    id: string,
  ): Promise<T> => {
    const plugin = list?.find((one) => one.metadata.id === id);
    return plugin === undefined
      ? Promise.reject(new GauntletError('UNKNOWN_ATTACK', id))
      : Promise.resolve(plugin);
  };
  const services: Services = {
    classifier: () => Promise.resolve(classifier),
    dataset: () => Promise.resolve(dataset),
    attack: ({ id }) => find(plugins.attacks, id),
    corruption: ({ id }) => find(plugins.corruptions, id),
    textures: texturesOf,
    archive: (folder, split) => openArchive(folder, { split }),
  };
  return {
    classifier,
    dataset,
    services,
    spec: (
      plan,
      { indices = Array.from({ length: count }, (_value, i) => i), seed = 0, entry = 'entry' } = {},
    ) =>
      specifyCell(
        {
          entry,
          title: entry,
          model: {
            ...{ id: 'linear', path: 'memory', sha256: 'a'.repeat(64) },
            ...(straightThrough ? { gradient: 'straight-through' } : {}),
          },
          data: { source: dataset.id, split: 'test', fingerprint: dataset.fingerprint, indices },
          plan,
          seed,
        },
        ENGINE,
      ),
    options: (overrides = {}) => ({
      executor: inlineExecutor(services),
      engine: ENGINE,
      signal: new AbortController().signal,
      ...overrides,
    }),
  };
}

/** An attack that proposes whatever `run` says. */
export function attackOf(
  id: string,
  run: AttackPlugin['run'],
  metadata: Partial<AttackMetadata<never>> = {},
  fit?: AttackPlugin['fit'],
): AttackPlugin {
  return {
    kind: 'attack',
    metadata: {
      id,
      title: id,
      summary: id,
      paper: 'none',
      version: '1.0.0',
      apiVersion: 1,
      threats: ['lp', 'box', 'minimum', 'transform', 'patch'],
      norms: ['linf', 'l2', 'l1', 'l0'],
      goals: ['untargeted', 'targeted'],
      access: 'gradient',
      stochastic: false,
      cost: () => ({ forward: 0, gradient: 1 }),
      linear: 'none',
      ...metadata,
    } as AttackPlugin['metadata'],
    parameters: { type: 'object', additionalProperties: false, properties: {} },
    run,
    ...(fit === undefined ? {} : { fit }),
  };
}

export const examples = (data: Float32Array): Proposal => ({ kind: 'examples', data });

/** One full gradient sign step of the margin loss, ten times longer than the budget allows. */
export const overshooting = attackOf('overshooting', async (classifier, batch, threat) => {
  const epsilon = threat.kind === 'lp' ? threat.epsilon : 1;
  if (!('lossGradient' in classifier)) throw new Error('needs gradients');
  const { gradient } = await classifier.lossGradient(batch, { labels: batch.labels, loss: 'margin' });
  return examples(batch.data.map((value, i) => value + 10 * epsilon * Math.sign(gradient[i]!)));
});

export function stageOf(attack: string, overrides: Partial<AttackStage> = {}): AttackStage {
  return {
    attack: { id: attack, version: '1.0.0' },
    parameters: {},
    threat: LINF,
    goal: { kind: 'untargeted' },
    ...overrides,
  };
}

export function attackPlan(attack: string, overrides: Partial<AttackStage> = {}): CellPlan {
  return { kind: 'attack', stages: [stageOf(attack, overrides)] };
}
