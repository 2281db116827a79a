import { GauntletError } from '../../../errors.js';
import type { FloatTensor } from '../../../tensor/tensor.js';
import type { Weights } from '../weights.js';

/** Finds the weights of layers by the names that the manifest has for them. */
export class LayerWeights {
  private readonly names: ReadonlyMap<string, string>;

  constructor(private readonly weights: Weights) {
    const all = [...weights.specs.keys()];
    // Newer versions of TensorFlow name a cell between layer and weight; TensorFlow.js leaves it out where nothing else fits.
    const shorter = all.map((name): [string, string] => [withoutCell(name), name]);
    this.names = new Map([...shorter, ...all.map((name): [string, string] => [name, name])]);
  }

  /**
   * @param where the layer, for messages
   * @throws GauntletError MODEL_INVALID when there is no such weight, or it is of another shape or type; MODEL_WEIGHTS.
   */
  read(layer: string, weight: string, shape: readonly number[], where: string): FloatTensor {
    const name = this.names.get(`${layer}/${weight}`);
    if (name === undefined)
      throw new GauntletError(
        'MODEL_INVALID',
        `${where}: its weight "${layer}/${weight}" is not in weightsManifest`,
      );
    const spec = this.weights.specs.get(name)!;
    if (spec.type !== 'float32' || spec.shape.join() !== shape.join())
      throw new GauntletError(
        'MODEL_INVALID',
        `${where}: weight "${name}" must be float32 of shape [${shape.join(', ')}], ` +
          `received ${spec.type} of shape [${spec.shape.join(', ')}]`,
      );
    return this.weights.read(name) as FloatTensor;
  }
}

function withoutCell(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), parts.at(-1)!].join('/');
}
