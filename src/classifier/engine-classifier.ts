import type { Engine, Session } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import type { Graph } from '../graph/ir.js';
import { prune } from '../graph/passes/prune.js';
import type { LoadedModel } from '../models/load.js';
import type { Batch } from '../tensor/batch.js';
import { sliceRow } from '../tensor/batch.js';
import { elementCount, type Tensor } from '../tensor/tensor.js';
import {
  argmax,
  type Classifier,
  type InputSpec,
  type LossGradient,
  type LossRequest,
} from './classifier.js';
import { deriveLoss, deriveVjp, simplify } from './derive.js';
import { lossById } from './losses/index.js';
import { oneHot, requireFit } from './rows.js';

export interface ClassifierOptions {
  /** Threads inside one operator; results do not depend on it. */
  readonly threads?: number;
  /** Rows per engine call at most, 128 by default; results do not depend on it. */
  readonly engineBatch?: number;
}

/** A classifier that holds native memory. */
export interface EngineClassifier extends Classifier {
  /** Frees every compiled graph; the classifier must not be used afterwards. */
  dispose(): Promise<void>;
}

interface Compiled<D> {
  readonly derived: D;
  readonly session: Session;
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
  private readonly inputName: string;
  private readonly size: number;
  private readonly engineBatch: number;
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
    this.inputName = model.graph.inputs[0]!.name;
    this.size = elementCount(model.input.shape);
    this.engineBatch = options.engineBatch ?? 128;
  }

  async warmUp(): Promise<void> {
    await this.forward(this.model.logits);
  }

  async predict(batch: Batch): Promise<Int32Array> {
    const logits = await this.logits(batch);
    return Int32Array.from(batch.keys, (_key, row) => argmax(sliceRow(logits, row, this.numClasses)));
  }

  async logits(batch: Batch): Promise<Float32Array> {
    const { session } = await this.forward(this.model.logits);
    const [logits] = await this.run(session, batch, { [this.inputName]: batch.data }, [this.model.logits]);
    return logits!;
  }

  async features(batch: Batch): Promise<Float32Array> {
    const { features } = this.model;
    if (features === undefined) {
      throw new GauntletError(
        'NO_FEATURES',
        `model "${this.model.id}" does not say which value holds its penultimate layer`,
      );
    }
    const { session } = await this.forward(features);
    const [values] = await this.run(session, batch, { [this.inputName]: batch.data }, [features]);
    return values!;
  }

  async lossGradient(batch: Batch, { labels, targets, loss: id }: LossRequest): Promise<LossGradient> {
    const loss = lossById(id);
    const { derived, session } = await this.compile(`loss:${id}`, async () =>
      deriveLoss(this.model, await this.simplify(), loss, runnerOf(this.engine)),
    );
    if (derived.targets !== undefined && targets === undefined) {
      throw new GauntletError(
        'PARAMETER_INVALID',
        `the loss "${id}" compares the label with a target and was given none`,
      );
    }
    const feeds = {
      [derived.input]: batch.data,
      [derived.labels!]: oneHot(labels, batch, this.numClasses),
      ...(derived.targets !== undefined && { [derived.targets]: oneHot(targets!, batch, this.numClasses) }),
    };
    const fetches = [derived.logits, derived.loss!, derived.gradient];
    const [logits, perExample, gradient] = await this.run(session, batch, feeds, fetches);
    return { logits: logits!, loss: perExample!, gradient: gradient! };
  }

  async vjp(
    batch: Batch,
    cotangent: Float32Array,
  ): Promise<{ logits: Float32Array; gradient: Float32Array }> {
    const { derived, session } = await this.compile('vjp', async () =>
      deriveVjp(this.model, await this.simplify(), runnerOf(this.engine)),
    );
    const feeds = { [derived.input]: batch.data, [derived.cotangent!]: cotangent };
    const [logits, gradient] = await this.run(session, batch, feeds, [derived.logits, derived.gradient]);
    return { logits: logits!, gradient: gradient! };
  }

  async dispose(): Promise<void> {
    const settled = await Promise.allSettled(this.compiled.values());
    this.compiled.clear();
    const sessions = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.session] : []));
    await Promise.all(sessions.map((session) => session.release()));
  }

  private simplify(): Promise<Graph> {
    return (this.simplified ??= simplify(this.model, runnerOf(this.engine)));
  }

  private forward(output: string): Promise<Compiled<{ graph: Graph }>> {
    return this.compile(`forward:${output}`, () =>
      Promise.resolve({ graph: prune(this.model.graph, [output]) }),
    );
  }

  private compile<D extends { graph: Graph }>(key: string, derive: () => Promise<D>): Promise<Compiled<D>> {
    const known = this.compiled.get(key) as Promise<Compiled<D>> | undefined;
    if (known !== undefined) return known;
    const { threads } = this.options;
    const compiled = derive().then(async (derived) => ({
      derived,
      session: await this.engine.compile(derived.graph, threads === undefined ? {} : { threads }),
    }));
    this.compiled.set(key, compiled);
    return compiled;
  }

  /** Runs a batch in pieces the engine takes, every feed and result one row per example. */
  private async run(
    session: Session,
    batch: Batch,
    feeds: Readonly<Record<string, Float32Array>>,
    fetches: readonly string[],
  ): Promise<Float32Array[]> {
    requireFit(batch, this.input, feeds);
    const count = batch.keys.length;
    const pieces: Readonly<Record<string, Tensor>>[] = [];
    for (let from = 0; from < count; from += this.engineBatch) {
      const to = Math.min(from + this.engineBatch, count);
      const piece = Object.entries(feeds).map(
        ([name, data]) => [name, this.rows(name, data, count, from, to)] as const,
      );
      pieces.push(await session.run(Object.fromEntries(piece), fetches));
    }
    return fetches.map((name) => concatenate(pieces.map((piece) => piece[name]!.data as Float32Array)));
  }

  private rows(name: string, data: Float32Array, count: number, from: number, to: number): Tensor {
    const width = data.length / count;
    const dims = name === this.inputName ? this.input.shape : [width];
    return { type: 'float32', dims: [to - from, ...dims], data: data.subarray(from * width, to * width) };
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
