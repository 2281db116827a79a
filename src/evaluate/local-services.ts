import { ClassifierCache } from '../classifier/cache.js';
import type { CorruptedArchive } from '../data/archives/archive.js';
import { openArchive } from '../data/archives/open.js';
import type { Split } from '../data/dataset.js';
import { openDataset } from '../data/registry.js';
import { texturesOf } from '../data/textures.js';
import type { Engine } from '../engine/engine.js';
import { openEngine } from '../engine/open.js';
import { NATIVE, type EngineChoice } from '../engine/choice.js';
import { GauntletError } from '../errors.js';
import { loadAttack, loadCorruption } from '../plugin/registry.js';
import type { Services } from './services.js';

/** Services of this process that hold native memory. */
export interface LocalServices extends Services {
  readonly engine: Engine;
  dispose(): Promise<void>;
}

export interface LocalOptions {
  /** The engine that models run on; the native one by default. */
  readonly engine?: EngineChoice;
  /** Engine threads inside one operator. Results do not depend on it. */
  readonly threads?: number;
}

/** Loads by reference, in this process: an engine, files, built-in plugins and modules. Models are kept between jobs. */
export async function localServices({
  engine: choice = NATIVE,
  ...options
}: LocalOptions = {}): Promise<LocalServices> {
  const engine = await openEngine(choice);
  const classifiers = new ClassifierCache(engine, options);
  const archives = keptArchives();
  return {
    engine,
    ...(engine.borrowed === undefined ? {} : { borrowed: engine.borrowed }),
    classifier: (reference) => classifiers.get(reference),
    dataset: async (reference) => {
      const dataset = await openDataset(reference);
      if (reference.fingerprint !== '' && dataset.fingerprint !== reference.fingerprint) {
        throw new GauntletError(
          'DATA_INVALID',
          `${reference.source} (${reference.split}) has changed since the run was planned: fingerprint ${dataset.fingerprint}, expected ${reference.fingerprint}.`,
        );
      }
      return dataset;
    },
    attack: (reference) => loadAttack(reference),
    corruption: (reference) => loadCorruption(reference),
    textures: texturesOf,
    archive: archives.open,
    dispose: async () => {
      await classifiers.dispose();
      await archives.close();
    },
  };
}

/** Archives stay open between jobs. */
function keptArchives() {
  const opened = new Map<string, Promise<CorruptedArchive>>();
  return {
    open: (folder: string, split: Split): Promise<CorruptedArchive> => {
      const key = JSON.stringify([folder, split]);
      const archive = opened.get(key) ?? openArchive(folder, { split });
      opened.set(key, archive);
      return archive;
    },
    close: async (): Promise<void> => {
      for (const opening of opened.values()) {
        await opening.then(
          (archive) => archive.close(),
          () => undefined,
        );
      }
      opened.clear();
    },
  };
}
