import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GauntletError } from '../../errors.js';
import type { Split } from '../dataset.js';
import { isFolder, subfolders } from '../folders.js';
import { isImageName } from '../image/names.js';
import type { Resize } from '../image/resize.js';
import type { LabelledImages } from '../images.js';
import { readPictures, type Picture } from './pictures.js';

/** Sub-folders that may hold one split; `val` is what ImageNet calls the images it is tested on. */
const SPLITS: Readonly<Record<Split, readonly string[]>> = { train: ['train'], test: ['test', 'val'] };

/** Where the classes of a split lie: in a sub-folder called after it, if there is one, else in the folder itself. */
export function splitFolder(folder: string, split: Split): string {
  const name = SPLITS[split].find((candidate) => isFolder(join(folder, candidate)));
  return name === undefined ? folder : join(folder, name);
}

/**
 * Reads a folder of pictures, one class per sub-folder. Classes and, within them, pictures are numbered in the order of
 * their names (by code units), as torchvision's ImageFolder does; sub-folders of classes are not looked into. Undefined when
 * no sub-folder holds a picture.
 * @throws GauntletError DATA_INVALID naming a class folder without pictures, and as readPictures.
 */
export async function readClassFolders(
  folder: string,
  split: Split,
  size?: Resize,
): Promise<LabelledImages | undefined> {
  const root = splitFolder(folder, split);
  const classes = await subfolders(root);
  const files = await Promise.all(
    classes.map(async (name) => (await readdir(join(root, name))).filter(isImageName).sort()),
  );
  if (files.every((names) => names.length === 0)) return undefined;
  const empty = files.findIndex((names) => names.length === 0);
  if (empty >= 0) {
    throw new GauntletError(
      'DATA_INVALID',
      `The class folder ${join(root, classes[empty]!)} holds no PNG or JPEG file.`,
      {
        help: 'Remove it if it is no class; labels are numbered by class folder.',
      },
    );
  }
  const pictures = files.flatMap((names, label) =>
    names.map((name): Picture => ({ path: join(root, classes[label]!, name), label })),
  );
  return readPictures(pictures, classes.length, root, size);
}
