import type { Classifier } from '../classifier/classifier.js';
import type { CorruptedArchive } from '../data/archives/archive.js';
import type { Dataset, Split } from '../data/dataset.js';
import type { Texture, TextureReference } from '../data/textures.js';
import type { AttackPlugin } from '../plugin/attack.js';
import type { CorruptionPlugin } from '../plugin/corruption.js';
import type { CellSpec, ModelReference, PluginReference } from './cell.js';

/**
 * What running a shard needs from the outside, by reference. A worker builds its own; the inline executor may be given one
 * that also knows in-memory models and plugins.
 */
export interface Services {
  /** What the engine lacks and had computed elsewhere, in this process so far. */
  readonly borrowed?: ReadonlySet<string>;
  /** @param signal stops what a model that is no file is asked; others are stopped between passes. */
  classifier(reference: ModelReference, signal?: AbortSignal): Promise<Classifier>;
  dataset(reference: CellSpec['data']): Promise<Dataset>;
  attack(reference: PluginReference): Promise<AttackPlugin>;
  corruption(reference: PluginReference): Promise<CorruptionPlugin>;
  /** Photographs of frost. */
  textures(reference: TextureReference): Promise<readonly Texture[]>;
  /** An archive of corrupted images. */
  archive(folder: string, split: Split): Promise<CorruptedArchive>;
}
