import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GauntletError } from '../../errors.js';
import { subfolders } from '../folders.js';
import { decodeImage } from '../image-file.js';
import { asColour } from '../image/channels.js';
import { centreCrop } from '../image/crop.js';
import { isImageName } from '../image/names.js';
import { LEVELS } from '../images.js';
import type { ArchiveParts, Level } from './archive.js';

/** Images decoded at the same time. */
const AT_ONCE = 8;

const isSeverity = (name: string): boolean => /^[1-5]$/.test(name);

/** The corruptions of an ImageNet-C folder: its sub-folders that have sub-folders 1 to 5, or some of them. */
export async function imagenetCNames(path: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await subfolders(path)) {
    if ((await subfolders(join(path, name))).some(isSeverity)) names.push(name);
  }
  return names;
}

/**
 * Opens ImageNet-C, or an archive laid out like it (Tiny ImageNet-C, ImageNet-C-bar): `<corruption>/<1-5>/<class>/<image>`,
 * PNG or JPEG. Classes and, within them, images are numbered in the order of their names, so that all class folders must be
 * there for the labels to be those of ImageNet. The files of the first corruption at its first severity say which examples
 * there are; the same must lie under the others.
 * @param crop images larger than this are cropped to their middle, the transform the benchmark prescribes.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH (other class folders somewhere), JPEG_DECODER_MISSING.
 */
export async function openImagenetC(path: string, crop: number): Promise<ArchiveParts> {
  const cells: { name: string; severity: number; folder: string; classes: string[] }[] = [];
  for (const name of await imagenetCNames(path)) {
    for (const severity of (await subfolders(join(path, name))).filter(isSeverity)) {
      const folder = join(path, name, severity);
      cells.push({ name, severity: Number(severity), folder, classes: await subfolders(folder) });
    }
  }
  const first = cells[0]!;
  const odd = cells.find(({ classes }) => classes.join('/') !== first.classes.join('/'));
  if (odd !== undefined) {
    const received = `${first.folder} has ${first.classes.length} class folders, ${odd.folder} has ${odd.classes.length}`;
    throw new GauntletError('DATA_MISMATCH', `${received}, or others; labels would not agree.`);
  }

  const files: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of first.classes.entries()) {
    const images = (await readdir(join(first.folder, name))).filter(isImageName).sort();
    files.push(...images.map((image) => join(name, image)));
    labels.push(...images.map(() => label));
  }
  if (files.length === 0) throw new GauntletError('DATA_NOT_FOUND', `${first.folder} holds no image.`);
  const read = async (file: string) => centreCrop(asColour(await decodeImage(file)), crop);
  const { shape } = await read(join(first.folder, files[0]!));

  const truth = Int32Array.from(labels);
  const levels = new Map<string, Map<number, Level>>();
  for (const { name, severity, folder } of cells) {
    const level = { labels: truth, read: readInto(read, folder, files, shape) };
    levels.set(name, (levels.get(name) ?? new Map<number, Level>()).set(severity, level));
  }
  const numClasses = first.classes.length;
  return { kind: 'imagenet-c', path, shape, numClasses, levels, close: () => Promise.resolve() };
}

function readInto(
  read: (file: string) => ReturnType<typeof decodeImage>,
  folder: string,
  files: readonly string[],
  shape: ArchiveParts['shape'],
): Level['read'] {
  const size = shape[0] * shape[1] * shape[2];
  return async (indices) => {
    const data = new Float32Array(indices.length * size);
    for (let from = 0; from < indices.length; from += AT_ONCE) {
      const paths = indices.slice(from, from + AT_ONCE).map((index) => join(folder, files[index]!));
      for (const [i, image] of (await Promise.all(paths.map(read))).entries()) {
        if (image.shape.join() !== shape.join()) {
          const sizes = `${image.shape.join(' x ')}, others ${shape.join(' x ')}`;
          throw new GauntletError('DATA_MISMATCH', `${paths[i]} is ${sizes}.`);
        }
        const start = (from + i) * size;
        for (let k = 0; k < size; k++) data[start + k] = LEVELS[image.data[k]!]!;
      }
    }
    return data;
  };
}
