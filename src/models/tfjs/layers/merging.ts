import { GauntletError } from '../../../errors.js';
import { int } from '../../../graph/builder.js';
import type { Emitter } from '../emitter.js';
import { aligned, broadcast, shapesOf } from '../align.js';
import { exampleAxis, natural, sizeOf, storedAxis, type Value } from '../value.js';
import type { Layer, Lowering } from './layer.js';

function several(layer: Layer, inputs: readonly Value[]): void {
  if (inputs.length >= 2) return;
  throw new GauntletError(
    'MODEL_INVALID',
    `${layer.config.where} takes two inputs or more, received ${inputs.length}`,
  );
}

/** Combines the inputs element by element, one after another; those of fewer axes get theirs in front. */
const elementwise =
  (
    op: string,
    count = Infinity,
    after?: (emitter: Emitter, sum: string, terms: number) => string,
  ): Lowering =>
  (layer, inputs) => {
    const { emitter, config } = layer;
    several(layer, inputs);
    if (inputs.length > count)
      throw new GauntletError(
        'MODEL_INVALID',
        `${config.where} takes ${count} inputs, received ${inputs.length}`,
      );
    const rank = Math.max(...inputs.map(({ shape }) => shape.length));
    const alike = aligned(
      emitter,
      inputs.map((input) => withRank(emitter, input, rank)),
    );
    const shapes = alike.map((input) => input.shape);
    const shape = broadcast(shapes);
    if (shape === undefined)
      throw new GauntletError('MODEL_INVALID', `${config.where} cannot combine ${shapesOf(shapes)}`);
    const combined = alike.map(({ name }) => name).reduce((total, name) => emitter.add(op, [total, name]));
    const name = after === undefined ? combined : after(emitter, combined, inputs.length);
    return { ...alike[0]!, name, shape };
  };

function withRank(emitter: Emitter, value: Value, rank: number): Value {
  const missing = rank - value.shape.length;
  if (missing === 0) return value;
  const shape = [...new Array<number>(missing).fill(1), ...value.shape];
  return natural(emitter.reshape(emitter.natural(value).name, shape), shape);
}

const mean = (emitter: Emitter, sum: string, terms: number): string =>
  emitter.add('Mul', [sum, emitter.scalar(1 / terms)]);

const concatenate: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  several(layer, inputs);
  const rank = inputs[0]!.shape.length;
  const axis = exampleAxis(config.number('axis', -1), rank);
  if (axis === undefined) return config.unsupported('axis', 'an axis of the example');
  const others = inputs.map(({ shape }) => shape.filter((_, i) => i !== axis).join());
  if (new Set([rank, ...inputs.map(({ shape }) => shape.length)]).size > 1 || new Set(others).size > 1)
    throw new GauntletError(
      'MODEL_INVALID',
      `${config.where} cannot join ${shapesOf(inputs.map(({ shape }) => shape))}`,
    );
  if (rank === 1) return joinedVectors(emitter, inputs);
  const alike = aligned(emitter, inputs);
  const name = emitter.add(
    'Concat',
    alike.map((input) => input.name),
    { axis: int(storedAxis(alike[0]!, axis)) },
  );
  const size = inputs.reduce((total, { shape }) => total + shape[axis]!, 0);
  return { ...alike[0]!, name, shape: inputs[0]!.shape.map((dim, i) => (i === axis ? size : dim)) };
};

/** Vectors in orders of their own stay in them. */
function joinedVectors(emitter: Emitter, inputs: readonly Value[]): Value {
  const name = emitter.add(
    'Concat',
    inputs.map((input) => input.name),
    { axis: int(1) },
  );
  const elements = new Int32Array(inputs.reduce((total, input) => total + sizeOf(input), 0));
  let start = 0;
  for (const input of inputs) {
    const size = sizeOf(input);
    for (let i = 0; i < size; i++) elements[start + i] = start + (input.elements?.[i] ?? i);
    start += size;
  }
  const joined = natural(name, [elements.length]);
  return inputs.every((input) => input.elements === undefined) ? joined : { ...joined, elements };
}

/** The scalar product of two vectors. */
const dot: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  several(layer, inputs);
  const [a, b] = inputs.map((input) => emitter.natural(input)) as [Value, Value];
  if (inputs.length > 2 || a.shape.length !== 1 || a.shape.join() !== b.shape.join())
    throw new GauntletError(
      'LAYER_UNSUPPORTED',
      `${config.where}: supported are two vectors of one length, received ` +
        shapesOf(inputs.map(({ shape }) => shape)),
    );
  if (config.flag('normalize', false)) config.unsupported('normalize', 'false');
  const axes = config.integers('axes') ?? [];
  if (axes.length === 0 || axes.some((axis) => exampleAxis(axis, 1) !== 0))
    config.unsupported('axes', '1 or -1');
  const product = emitter.add('Mul', [a.name, b.name]);
  return natural(emitter.add('ReduceSum', [product, emitter.ints([1])], { keepdims: int(1) }), [1]);
};

/** Layers that make one value of several. */
export const mergingLayers: Readonly<Record<string, Lowering>> = {
  Add: elementwise('Add'),
  Average: elementwise('Add', Infinity, mean),
  Concatenate: concatenate,
  Dot: dot,
  Maximum: elementwise('Max'),
  Minimum: elementwise('Min'),
  Multiply: elementwise('Mul'),
  Subtract: elementwise('Sub', 2),
};
