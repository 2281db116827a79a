import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import { decodeImage } from './image-file.js';

/** A folder of photographs as plain JSON: a worker decodes it again, and checks that it still is the same. */
export interface TextureReference {
  /** Absolute path. */
  readonly folder: string;
  /** SHA-256 of the decoded photographs. */
  readonly sha256: string;
}

/** A photograph: three channels first, float32 in [0, 1]; a grey one has three equal channels. */
export interface Texture {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly data: Float32Array;
}

interface Textures {
  readonly reference: TextureReference;
  /** In the order of their file names. */
  readonly images: readonly Texture[];
}

const ENDING = /\.(png|jpe?g)$/i;
const CHANNELS = 3;
const opened = new Map<string, Promise<Textures>>();

/**
 * The photographs of a folder: its PNG and JPEG files, in the order of their names. Decoded once per process and folder.
 * @throws GauntletError DATA_NOT_FOUND without such a folder or without photographs in it, DATA_INVALID for a damaged one,
 *   JPEG_DECODER_MISSING.
 */
export function openTextures(folder: string): Promise<Textures> {
  const path = resolve(folder);
  let textures = opened.get(path);
  if (textures === undefined) {
    textures = load(path);
    opened.set(path, textures);
    // A failure is not kept: the user may put the files there and try again in the same process.
    textures.catch(() => opened.delete(path));
  }
  return textures;
}

/**
 * The photographs that a reference names.
 * @throws GauntletError DATA_INVALID when they are others by now, and what openTextures throws.
 */
export async function texturesOf(reference: TextureReference): Promise<readonly Texture[]> {
  const { reference: now, images } = await openTextures(reference.folder);
  if (now.sha256 === reference.sha256) return images;
  throw new GauntletError(
    'DATA_INVALID',
    `The photographs in ${reference.folder} have changed since the run was planned: SHA-256 ${now.sha256}, expected ${reference.sha256}.`,
  );
}

async function load(folder: string): Promise<Textures> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw notFound(`The folder of photographs cannot be read: ${messageOf(cause)}.`, cause);
  });
  const photographs = names.filter((name) => ENDING.test(name)).sort();
  if (photographs.length === 0) throw notFound(`${folder} holds no PNG or JPEG files.`);
  const hash = createHash('sha256');
  const images: Texture[] = [];
  for (const name of photographs) {
    const { shape, data } = await decodeImage(join(folder, name));
    hash.update(`${shape.join('x')}\n`).update(data);
    images.push(inColour(shape, data));
  }
  return { reference: { folder, sha256: hash.digest('hex') }, images };
}

function inColour([channels, height, width]: Texture['shape'], bytes: Uint8Array): Texture {
  const area = height * width;
  const data = new Float32Array(CHANNELS * area);
  for (let i = 0; i < data.length; i++) data[i] = bytes[channels === CHANNELS ? i : i % area]! / 255;
  return { shape: [CHANNELS, height, width], data };
}

const notFound = (message: string, cause?: unknown): GauntletError =>
  new GauntletError('DATA_NOT_FOUND', message, {
    cause,
    help: 'Give --frost-textures the folder with the frost*.png and frost*.jpg files of the published scripts, or your own.',
  });
