import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GauntletError } from '../../errors.js';
import type { Resize } from '../image/resize.js';
import type { LabelledImages } from '../images.js';
import { readBytes } from './bytes.js';
import { readPictures, type Picture } from './pictures.js';

/** Names of the columns, in lower case: those of GTSRB first. */
const PATHS = ['path', 'filename', 'file', 'image'];
const LABELS = ['classid', 'label', 'class'];

/** A list of pictures as a file has it; whether the pictures are there is another question. */
export interface PictureList {
  readonly path: string;
  readonly pictures: readonly Picture[];
}

/**
 * Reads a CSV file of pictures and classes: a header line with a column `Path` (also `Filename`, `File`, `Image`), relative to
 * the CSV file, and one `ClassId` (also `Label`, `Class`); commas or semicolons. Other columns, such as the sizes and regions of
 * interest of GTSRB, are not used: pictures are taken whole.
 * @throws GauntletError DATA_NOT_FOUND; DATA_INVALID naming the line, for a missing column or value or a class that is no number.
 */
export async function readPictureList(path: string): Promise<PictureList> {
  const text = new TextDecoder().decode(await readBytes(path));
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = header.includes(';') ? ';' : ',';
  const names = cells(header, separator).map((name) => name.toLowerCase());
  const column = (wanted: readonly string[]): number => {
    const found = wanted.map((name) => names.indexOf(name)).find((index) => index >= 0);
    if (found !== undefined) return found;
    const received = names.join(', ').slice(0, 120);
    throw new GauntletError(
      'DATA_INVALID',
      `${path} has no column ${wanted[0]}; its first line has ${received}.`,
    );
  };
  const [file, label] = [column(PATHS), column(LABELS)];

  const pictures: Picture[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = cells(line, separator);
    const [name = '', text = ''] = [row[file], row[label]];
    if (name === '' || !/^\d{1,9}$/.test(text)) {
      const received = line.slice(0, 120);
      throw new GauntletError(
        'DATA_INVALID',
        `${path}, line ${i + 2}: expected a file and a class number, received ${received}.`,
      );
    }
    pictures.push({ path: join(dirname(path), name), label: Number(text) });
  }
  if (pictures.length === 0) throw new GauntletError('DATA_INVALID', `${path} lists no picture.`);
  return { path, pictures };
}

/** Pictures of a list that are not there. */
const missingOf = ({ pictures }: PictureList): readonly Picture[] =>
  pictures.filter(({ path }) => !existsSync(path));

/**
 * The first list whose pictures are all there; the first one when there is none such.
 * @throws GauntletError as readPictureList
 */
export async function completeList(paths: readonly string[]): Promise<PictureList> {
  const lists = await Promise.all(paths.map(readPictureList));
  return lists.find((list) => missingOf(list).length === 0) ?? lists[0]!;
}

/** @throws GauntletError DATA_NOT_FOUND with the number of pictures of a list that are missing. */
export function requireComplete(list: PictureList): void {
  const missing = missingOf(list);
  if (missing.length === 0) return;
  const received = `lists ${list.pictures.length} pictures, ${missing.length} of which are missing; the first is ${missing[0]!.path}`;
  throw new GauntletError('DATA_NOT_FOUND', `${list.path} ${received}.`, {
    help: 'Put the pictures there, or give a list of those that are.',
  });
}

/**
 * Decodes the pictures of a list.
 * @param numClasses the largest class plus one where it is not known.
 * @throws GauntletError DATA_NOT_FOUND with the number of missing files, DATA_MISMATCH for a class out of range, and as
 *   readPictures.
 */
export async function readListed(
  list: PictureList,
  numClasses: number | undefined,
  size?: Resize,
): Promise<LabelledImages> {
  const { path, pictures } = list;
  requireComplete(list);
  const classes = numClasses ?? pictures.reduce((largest, { label }) => Math.max(largest, label), 0) + 1;
  const stray = pictures.find(({ label }) => label >= classes);
  if (stray !== undefined) {
    const received = `gives ${stray.path} the class ${stray.label}, expected 0 to ${classes - 1}`;
    throw new GauntletError('DATA_MISMATCH', `${path} ${received}.`);
  }
  return readPictures(pictures, classes, path, size);
}

/** Values of a line; one in double quotes may hold separators and, doubled, quotes. */
function cells(line: string, separator: string): string[] {
  const values =
    line.match(separator === ',' ? /("([^"]|"")*"|[^,]*)(,|$)/g : /("([^"]|"")*"|[^;]*)(;|$)/g) ?? [];
  return values.map((value) => {
    const text = (value.endsWith(separator) ? value.slice(0, -1) : value).trim();
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  });
}
