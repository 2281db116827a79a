import { GauntletError } from '../../errors.js';
import type { DataType } from '../../tensor/tensor.js';
import { shown } from './json.js';
import type { LayerSpec, ModelSpec } from './topology.js';

/** The layers that say what a model takes. */
export function modelInputs(model: ModelSpec, source: string): LayerSpec[] {
  if (model.kind === 'sequential') {
    const [first] = model.layers as [LayerSpec];
    return first.model === undefined ? [first] : modelInputs(first.model, source);
  }
  return model.inputs.map(({ layer }) => {
    const found = model.layers.find(({ name }) => name === layer);
    if (found !== undefined) return found;
    throw new GauntletError('MODEL_INVALID', `${source}: the input layer "${layer}" is not in the model`);
  });
}

/** Types of inputs, whose names are TensorFlow's too. */
const INPUT_TYPES: readonly DataType[] = ['float32', 'int32', 'bool'];

/**
 * What an input layer, or the first layer of a sequence, takes.
 * @param shape of one example, where the file leaves it open
 * @throws GauntletError MODEL_INVALID when neither says it; CARD_INVALID when they disagree.
 */
export function inputOf(
  { name, className, config }: LayerSpec,
  shape: readonly number[] | undefined,
): { readonly name: string; readonly type: DataType; readonly dims: readonly number[] } {
  const given = config.field('batch_input_shape') ?? config.field('batch_shape');
  if (!Array.isArray(given) || given.length < 2)
    throw new GauntletError(
      'MODEL_INVALID',
      `${config.where} must say what it takes in batch_input_shape, received ${shown(given)}`,
    );
  const [, ...dims] = given as unknown[];
  if (shape !== undefined && shape.length !== dims.length) throw mismatch(config.where, dims, shape);
  const closed = dims.map((dim, axis) => {
    const size = Number.isSafeInteger(dim) ? (dim as number) : shape?.[axis];
    if (size === undefined)
      throw new GauntletError(
        'MODEL_INVALID',
        `${config.where} leaves its input shape open: ${shown(given)}, the batch first`,
        { help: 'Give a card with input.shape.' },
      );
    if (shape !== undefined && shape[axis] !== size) throw mismatch(config.where, dims, shape);
    return size;
  });
  const dtype = className === 'InputLayer' ? (config.field('dtype') ?? 'float32') : 'float32';
  const type = INPUT_TYPES.find((known) => known === dtype);
  if (type === undefined)
    throw new GauntletError('MODEL_INVALID', `${config.where} takes elements of dtype ${shown(dtype)}`);
  return { name: className === 'InputLayer' ? name : `${name}_input`, type, dims: closed };
}

const mismatch = (where: string, dims: readonly unknown[], shape: readonly number[]): GauntletError =>
  new GauntletError(
    'CARD_INVALID',
    `${where} takes examples of shape ${shown(dims)}, input.shape is [${shape.join(', ')}]`,
  );
