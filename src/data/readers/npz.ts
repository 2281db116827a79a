import { GauntletError } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Split } from '../dataset.js';
import type { LabelledImages } from '../images.js';
import { readNpz } from '../npz.js';
import { arrayImages } from './arrays.js';
import { readBytes } from './bytes.js';

const imageNames = (split: Split): string[] => ['images', 'x', `x_${split}`, 'data', 'arr_0'];
const labelNames = (split: Split): string[] => ['labels', 'y', `y_${split}`, 'arr_1'];

/**
 * Reads an .npz of images and labels, as arrayImages takes them.
 * @throws GauntletError DATA_INVALID (no such arrays, another type or number of axes, floats outside [0, 1]), DATA_MISMATCH.
 */
export async function readNpzImages(path: string, split: Split): Promise<LabelledImages> {
  const arrays = readNpz(await readBytes(path), path);
  const images = pick(arrays, imageNames(split), path);
  const labels = pick(arrays, labelNames(split), path);
  return arrayImages({ array: images, name: path }, { array: labels, name: path });
}

function pick(arrays: ReadonlyMap<string, Tensor>, names: readonly string[], path: string): Tensor {
  const found = names.map((name) => arrays.get(name)).find((array) => array !== undefined);
  if (found !== undefined) return found;
  const received = [...arrays.keys()].join(', ') || 'no array';
  throw new GauntletError(
    'DATA_INVALID',
    `${path} has no array ${names.join(' or ')}; received ${received}.`,
  );
}
