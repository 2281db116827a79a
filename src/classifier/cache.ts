import type { Engine } from '../engine/engine.js';
import type { ModelReference } from '../evaluate/cell.js';
import type { ClassifierOptions, EngineClassifier } from './engine-classifier.js';
import { loadClassifier } from './load-classifier.js';

interface Entry {
  readonly classifier: Promise<EngineClassifier>;
  users: number;
}

/**
 * Keeps the classifiers a process used last, so that consecutive shards of a model share compiled sessions. One that
 * is in use is never disposed, even beyond the capacity.
 */
export class ClassifierCache {
  /** Least recently used first, as Map keeps insertion order. */
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly engine: Engine,
    private readonly options: ClassifierOptions & { readonly capacity?: number } = {},
  ) {}

  /** Lends the classifier to `work` and returns what that returns. A model that failed to load is tried again next time. */
  async use<T>(reference: ModelReference, work: (classifier: EngineClassifier) => Promise<T>): Promise<T> {
    const entry = this.entryFor(reference);
    entry.users++;
    try {
      return await work(await entry.classifier);
    } finally {
      entry.users--;
      await this.shrink(this.options.capacity ?? 4);
    }
  }

  /** The classifier of a model, valid until the cache is disposed or has moved on to `capacity` other models. */
  async get(reference: ModelReference): Promise<EngineClassifier> {
    return this.use(reference, (classifier) => Promise.resolve(classifier));
  }

  /** Frees everything not in use. */
  async dispose(): Promise<void> {
    await this.shrink(0);
  }

  private entryFor(reference: ModelReference): Entry {
    // The id goes into messages and the path can differ, but what is computed depends on these alone.
    const key = `${reference.sha256} ${reference.gradient ?? 'exact'} ${reference.ownUnits?.join() ?? ''}`;
    const entry = this.entries.get(key) ?? { classifier: this.load(reference, key), users: 0 };
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  private async load(reference: ModelReference, key: string): Promise<EngineClassifier> {
    try {
      return await loadClassifier(reference, this.engine, this.options);
    } catch (error) {
      this.entries.delete(key);
      throw error;
    }
  }

  private async shrink(capacity: number): Promise<void> {
    for (const [key, entry] of [...this.entries]) {
      if (this.entries.size <= capacity) return;
      if (entry.users > 0) continue;
      this.entries.delete(key);
      await (await entry.classifier).dispose();
    }
  }
}
