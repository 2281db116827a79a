import { GauntletError, messageOf } from '../errors.js';
import type { CorruptionPlugin, CorruptionSetting, Image } from '../plugin/corruption.js';
import { keyedStream } from '../random/keyed.js';
import { exampleSize, rowOf, withData, type LabelledBatch } from '../tensor/batch.js';
import { readArchived } from './archived-images.js';
import type { CellSpec, CorruptionPlan } from './cell.js';
import type { Services } from './services.js';

/** Gives the corrupted versions of images as a data set holds them: channels first, [0, 1]. */
export type Corrupt = (originals: LabelledBatch) => Promise<LabelledBatch>;

/**
 * What a plan does to images: its archive's versions of them, else those the plugin makes.
 * @throws GauntletError FROST_TEXTURES where the corruption needs photographs that nobody named, CORRUPTION_NEEDS where it needs
 *   anything else, and what the services throw
 */
export async function corruptionOf(
  plan: CorruptionPlan,
  { seed, data }: Pick<CellSpec, 'seed'> & { readonly data: Pick<CellSpec['data'], 'split'> },
  services: Pick<Services, 'corruption' | 'textures' | 'archive'>,
): Promise<Corrupt> {
  if (plan.archive !== undefined) {
    const archive = await services.archive(plan.archive.folder, data.split);
    const level = { corruption: plan.corruption.id, severity: plan.severity };
    return (originals) => readArchived(archive, level, originals);
  }
  const plugin = await services.corruption(plan.corruption);
  const { id, needs } = plugin.metadata;
  if (needs !== undefined && needs !== 'frost-textures') {
    throw new GauntletError('CORRUPTION_NEEDS', `${id} needs ${needs}, which no run can give it.`);
  }
  if (needs !== undefined && plan.textures === undefined) {
    throw new GauntletError(
      'FROST_TEXTURES',
      `${id} lays photographs of frost over the images, which do not come with Gauntlet: give --frost-textures DIR.`,
    );
  }
  const textures = plan.textures && (await services.textures(plan.textures));
  return (originals) => Promise.resolve(corruptBatch(originals, plugin, plan, seed, textures));
}

/**
 * Applies a corruption to every image of a batch that is laid out channels first. Draws are keyed by (seed, corruption, severity,
 * image index).
 * @param textures for a corruption that needs them
 * @throws GauntletError CORRUPTION_SHAPE for data that are not images, PLUGIN_FAILED when the plugin throws or its result has
 *   another size or values that are not finite or outside [0, 1]; whatever GauntletError the plugin throws.
 */
export function corruptBatch(
  batch: LabelledBatch,
  plugin: CorruptionPlugin,
  plan: Pick<CorruptionPlan, 'severity' | 'parameters' | 'profile' | 'quirks'>,
  seed: number,
  textures?: readonly Image[],
): LabelledBatch {
  if (batch.shape.length !== 3) {
    throw new GauntletError(
      'CORRUPTION_SHAPE',
      `Corruptions need images [channels, height, width]; the data are [${batch.shape.join(', ')}].`,
    );
  }
  const shape = batch.shape as unknown as Image['shape'];
  const size = exampleSize(batch);
  const data = new Float32Array(batch.data.length);
  const { profile, quirks } = plan;
  const setting = { profile, quirks, ...(textures === undefined ? {} : { textures }) };
  batch.keys.forEach((key, row) => {
    const image = { shape, data: rowOf(batch, row).slice() };
    data.set(corruptImage(image, key, plugin, plan, setting, seed), row * size);
  });
  return withData(batch, data);
}

function corruptImage(
  image: Image,
  key: number,
  plugin: CorruptionPlugin,
  { severity, parameters }: Pick<CorruptionPlan, 'severity' | 'parameters'>,
  setting: CorruptionSetting,
  seed: number,
): Float32Array {
  const { id } = plugin.metadata;
  const fail = (what: string, cause?: unknown) =>
    new GauntletError('PLUGIN_FAILED', `The corruption ${id} ${what} for example ${key}.`, { cause });
  const size = image.data.length;
  let result: Float32Array;
  try {
    const random = keyedStream(seed, key, `corruption/${id}/${severity}`);
    const drawn = plugin.sample(random, parameters, image.shape, setting);
    result = plugin.apply(image, drawn, parameters, setting);
  } catch (error) {
    throw error instanceof GauntletError ? error : fail(`threw "${messageOf(error)}"`, error);
  }
  if (result.length !== size) throw fail(`returned ${result.length} values instead of ${size}`);
  for (let i = 0; i < size; i++) {
    // Not the opposite test: a value that is not a number passes neither.
    if (!(result[i]! >= 0 && result[i]! <= 1)) throw fail(`returned the value ${result[i]}, outside [0, 1],`);
  }
  return result;
}
