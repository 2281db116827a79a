import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GauntletError } from '../../errors.js';
import type { Split } from '../dataset.js';
import { isFolder, subfolders } from '../folders.js';
import { assembleArchive, type ArchiveKind, type CorruptedArchive } from './archive.js';
import { openCifarC } from './cifar-c.js';
import { imagenetCNames, openImagenetC } from './imagenet-c.js';
import { mnistCNames, openMnistC } from './mnist-c.js';

export interface ArchiveOptions {
  /** Which images of MNIST-C; the others have test images alone. Default `test`. */
  readonly split?: Split;
  /** Side of the square cropped from the middle of larger images in ImageNet-C. Default 224. */
  readonly crop?: number;
}

/**
 * Opens a folder of corrupted images, of the layout that its content shows: CIFAR-10-C and CIFAR-100-C, MNIST-C, or
 * ImageNet-C and what is laid out like it. Reads headers, labels and names, no images but one; the caller closes it.
 * @throws GauntletError DATA_NOT_FOUND (no such folder, no archive in it, files missing), DATA_INVALID (a file that is
 *   truncated or of another format), DATA_MISMATCH (labels and images, or parts of the archive, do not belong together),
 *   JPEG_DECODER_MISSING.
 */
export async function openArchive(path: string, options: ArchiveOptions = {}): Promise<CorruptedArchive> {
  const { split = 'test', crop = 224 } = options;
  if (!isFolder(path)) {
    throw new GauntletError('DATA_NOT_FOUND', `${path} is not a folder.`, {
      help: 'Give the folder that the archive unpacks to, such as CIFAR-10-C.',
    });
  }
  const kind = await kindOf(path, split);
  if (kind === undefined) throw await notAnArchive(path, split);
  const openers = {
    'cifar-c': () => openCifarC(path),
    'mnist-c': () => openMnistC(path, split),
    'imagenet-c': () => openImagenetC(path, crop),
  } as const satisfies Record<ArchiveKind, unknown>;
  const parts = await openers[kind]();
  try {
    return assembleArchive(parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function kindOf(path: string, split: Split): Promise<ArchiveKind | undefined> {
  if ((await readdir(path)).some((file) => file.endsWith('.npy'))) return 'cifar-c';
  if ((await mnistCNames(path, split)).length > 0) return 'mnist-c';
  if ((await imagenetCNames(path)).length > 0) return 'imagenet-c';
  return undefined;
}

/** Says where the archive is when the folder above it was given. */
async function notAnArchive(path: string, split: Split): Promise<GauntletError> {
  for (const name of await subfolders(path)) {
    if ((await kindOf(join(path, name), split)) !== undefined) {
      return new GauntletError(
        'DATA_NOT_FOUND',
        `${path} is no archive of corrupted images, but ${name} in it is.`,
        {
          help: `Give ${join(path, name)}.`,
        },
      );
    }
  }
  return new GauntletError(
    'DATA_NOT_FOUND',
    `${path} holds neither CORRUPTION.npy nor CORRUPTION/${split}_images.npy nor CORRUPTION/1/CLASS/IMAGE.`,
    { help: 'Give the folder that the archive unpacks to, such as CIFAR-10-C.' },
  );
}
