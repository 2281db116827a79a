import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import type { Graph, GraphRunner } from '../graph/ir.js';
import { prune } from '../graph/passes/prune.js';
import { probeTensor } from '../graph/probe.js';
import type { LoadedModel } from '../models/load.js';
import { sliceRow, type Batch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';
import {
  argmax,
  type Classifier,
  type Draw,
  type InputSpec,
  type LossGradient,
  type LossRequest,
  type Remark,
} from './classifier.js';
import { canonical, deriveLoss, deriveVjp, simplify, type Derivation, type LossGraph } from './derive.js';
import { drawnFeeds } from './draws.js';
import { engineBatchFor } from './engine-batch.js';
import { lossById } from './losses/index.js';
import type { RowFeeds } from './row-feeds.js';
import { RowRunner } from './row-runner.js';
import { oneHot, requireFit } from './rows.js';

export interface ClassifierOptions {
  /** Threads inside one operator; results do not depend on it. */
  readonly threads?: number;
  /** Rows per engine call at most, by default chosen by the size of the values; results do not depend on it. */
  readonly engineBatch?: number;
  /**
   * Whether gradients pass operators whose derivative is zero almost everywhere (see graph/autodiff/straight-through.ts);
   * false by default. Logits do not depend on it.
   */
  readonly straightThrough?: boolean;
  /** Engine that finds shapes and computes constants; the one that runs the model by default. */
  readonly structure?: Engine;
  /** What a result of this classifier is to be read with. */
  readonly remarks?: readonly Remark[];
}

/** A classifier that holds native memory. */
export interface EngineClassifier extends Classifier {
  /** Frees every compiled graph; the classifier must not be used afterwards. */
  dispose(): Promise<void>;
}

/** A compiled graph and the names of its values. */
interface Compiled<D> {
  readonly derived: D;
  readonly runner: RowRunner;
}

/**
 * A classifier on an engine. Forward passes run the model as loaded; gradient passes run a simplified graph derived
 * from it, compiled at the first use of each loss.
 * @throws GauntletError ENGINE_COMPILE when the engine refuses the model.
 */
export async function createClassifier(
  model: LoadedModel,
  engine: Engine,
  options: ClassifierOptions = {},
): Promise<EngineClassifier> {
  const classifier = new GraphClassifier(model, engine, options);
  await classifier.warmUp();
  return classifier;
}

class GraphClassifier implements EngineClassifier {
  readonly input: InputSpec;
  readonly numClasses: number;
  readonly stochastic: boolean;
  readonly remarks: readonly Remark[];
  /** What has been compiled so far; a failure is kept too, so that it is found once. */
  private readonly compiled = new Map<string, Promise<Compiled<unknown>>>();
  private simplified?: Promise<Graph>;

  constructor(
    private readonly model: LoadedModel,
    private readonly engine: Engine,
    private readonly options: ClassifierOptions,
  ) {
    this.input = model.input;
    this.numClasses = model.numClasses;
    this.stochastic = model.randomInputs.length > 0;
    this.remarks = options.remarks ?? [];
  }

  async warmUp(): Promise<void> {
    await this.forward(this.model.logits);
  }

  async predict(batch: Batch, draw?: Draw): Promise<Int32Array> {
    const logits = await this.logits(batch, draw);
    return Int32Array.from(batch.keys, (_key, row) => argmax(sliceRow(logits, row, this.numClasses)));
  }

  async logits(batch: Batch, draw?: Draw): Promise<Float32Array> {
    const compiled = await this.forward(this.model.logits);
    const [logits] = await this.run(compiled, batch, {}, [this.model.logits], draw);
    return logits!;
  }

  async features(batch: Batch, draw?: Draw): Promise<Float32Array> {
    const { features } = this.model;
    if (features === undefined) {
      throw new GauntletError(
        'NO_FEATURES',
        `model "${this.model.id}" does not say which value holds its penultimate layer`,
      );
    }
    const [values] = await this.run(await this.forward(features), batch, {}, [features], draw);
    return values!;
  }

  async lossGradient(
    batch: Batch,
    { labels, targets, loss: id }: LossRequest,
    draw?: Draw,
  ): Promise<LossGradient> {
    const loss = lossById(id);
    const { metadata } = loss;
    if (metadata.needsTargets && targets === undefined) {
      throw new GauntletError(
        'PARAMETER_INVALID',
        `the loss "${id}" compares the label with a target and was given none`,
      );
    }
    const count = batch.keys.length;
    const oneHotLabels = oneHot(labels, count, this.numClasses);
    const oneHotTargets = metadata.needsTargets ? oneHot(targets!, count, this.numClasses) : null;

    const compiled = await this.compile(
      `loss:${id}`,
      async () => deriveLoss(this.model, await this.simplify(), loss, this.derivation()),
      (derived, rows) => classFeeds(derived, this.probeClasses(rows, 0), this.probeClasses(rows, 1)),
    );
    const { derived } = compiled;
    const fetches = [derived.logits, derived.loss, derived.gradient];
    const feeds = classFeeds(derived, oneHotLabels, oneHotTargets);
    const [logits, perExample, gradient] = await this.run(compiled, batch, feeds, fetches, draw);
    return { logits: logits!, loss: perExample!, gradient: gradient! };
  }

  async vjp(
    batch: Batch,
    cotangent: Float32Array,
    draw?: Draw,
  ): Promise<{ logits: Float32Array; gradient: Float32Array }> {
    const compiled = await this.compile(
      'vjp',
      async () => deriveVjp(this.model, await this.simplify(), this.derivation()),
      (derived, rows) => ({ [derived.cotangent]: probeValues(rows * this.numClasses) }),
    );
    const { derived } = compiled;
    const feeds = { [derived.cotangent]: cotangent };
    const fetches = [derived.logits, derived.gradient];
    const [logits, gradient] = await this.run(compiled, batch, feeds, fetches, draw);
    return { logits: logits!, gradient: gradient! };
  }

  async dispose(): Promise<void> {
    const settled = await Promise.allSettled(this.compiled.values());
    this.compiled.clear();
    const runners = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.runner] : []));
    await Promise.all(runners.map((runner) => runner.release()));
  }

  private simplify(): Promise<Graph> {
    const run = this.runner();
    // An engine with gradients of its own is to differentiate the model as it is: there, rewriting only costs independence.
    const reduced = (): Promise<Graph> =>
      this.byEngine
        ? canonical(prune(this.model.graph, [this.model.logits]), run)
        : simplify(this.model, run);
    return (this.simplified ??= reduced());
  }

  /** What runs graphs whose structure is looked at. */
  private runner(): GraphRunner {
    return runnerOf(this.options.structure ?? this.engine);
  }

  private get byEngine(): boolean {
    return this.engine.differentiates === true;
  }

  private derivation(): Derivation {
    const straightThrough = this.options.straightThrough === true;
    return { run: this.runner(), byEngine: this.byEngine, straightThrough };
  }

  private forward(output: string): Promise<Compiled<{ graph: Graph; input: string }>> {
    const input = this.model.graph.inputs[0]!.name;
    const derive = async () => {
      const graph = prune(this.model.graph, [output]);
      // Such an engine knows the operators of one operator set.
      return { graph: this.byEngine ? await canonical(graph, this.runner()) : graph, input };
    };
    return this.compile(`forward:${output}`, derive, () => ({}));
  }

  /** @param probe what to feed beside the input when trying the graph out on so many rows. */
  private compile<D extends { graph: Graph; input: string }>(
    key: string,
    derive: () => Promise<D>,
    probe: (derived: D, rows: number) => RowFeeds,
  ): Promise<Compiled<D>> {
    const known = this.compiled.get(key) as Promise<Compiled<D>> | undefined;
    if (known !== undefined) return known;
    const { engineBatch = engineBatchFor(this.model.widest) } = this.options;
    const threads = this.byEngine ? 1 : this.options.threads;
    const compiled = derive().then(async (derived) => {
      const runner = await RowRunner.compile(this.engine, derived.graph, {
        ...(threads !== undefined && { threads }),
        engineBatch,
        probe: (rows) => ({
          [derived.input]: probeValues(rows * elementCount(this.input.shape)),
          ...probe(derived, rows),
          ...this.drawn(
            derived,
            Array.from({ length: rows }, (_, row) => row),
          ),
        }),
      });
      return { derived, runner };
    });
    this.compiled.set(key, compiled);
    return compiled;
  }

  private probeClasses(rows: number, offset: number): Float32Array {
    const classes = Int32Array.from({ length: rows }, (_, row) => (row + offset) % this.numClasses);
    return oneHot(classes, rows, this.numClasses);
  }

  private run(
    { derived, runner }: Compiled<{ graph: Graph; input: string }>,
    batch: Batch,
    feeds: RowFeeds,
    fetches: readonly string[],
    draw: Draw | undefined,
  ): Promise<Float32Array[]> {
    requireFit(batch, this.input);
    const drawn = this.drawn(derived, batch.keys, draw);
    return runner.run({ [derived.input]: batch.data, ...feeds, ...drawn }, batch.keys.length, fetches);
  }

  /** What the graph's random inputs are fed with. */
  private drawn({ graph }: { readonly graph: Graph }, keys: readonly number[], draw?: Draw): RowFeeds {
    if (!this.stochastic) return {};
    const taken = new Set(graph.inputs.map(({ name }) => name));
    const inputs = this.model.randomInputs.filter(({ name }) => taken.has(name));
    return drawnFeeds(inputs, keys, draw);
  }
}

function classFeeds(derived: LossGraph, labels: Float32Array, targets: Float32Array | null): RowFeeds {
  return {
    [derived.labels]: labels,
    ...(derived.targets !== null && targets !== null && { [derived.targets]: targets }),
  };
}

const probeValues = (count: number): Float32Array => probeTensor('float32', [count]).data as Float32Array;
