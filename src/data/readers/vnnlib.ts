import { GauntletError } from '../../errors.js';
import type { Dataset, Split } from '../dataset.js';
import { UNLABELLED } from '../dataset.js';
import { readVnnlib } from '../vnnlib.js';

/**
 * The middle of a VNN-LIB instance's box as a data set of one example, in the network's own units. An instance that names
 * only a target says nothing of the label.
 * @throws GauntletError as readVnnlib
 */
export async function vnnlibDataset(path: string, id: string, split: Split): Promise<Dataset> {
  const { centre, numClasses, property, sha256 } = await readVnnlib(path);
  const label = property.kind === 'untargeted' ? property.label : UNLABELLED;
  return {
    id,
    split,
    length: 1,
    shape: [centre.length],
    units: 'model',
    numClasses,
    fingerprint: sha256,
    read: (indices) => {
      const beyond = indices.find((index) => index !== 0);
      if (beyond !== undefined) {
        return Promise.reject(
          new GauntletError('INDEX_RANGE', `${id} holds one instance, asked for ${beyond}.`),
        );
      }
      return Promise.resolve({
        shape: [centre.length],
        data: centre.slice(),
        labels: Int32Array.of(label),
        keys: [...indices],
      });
    },
  };
}
