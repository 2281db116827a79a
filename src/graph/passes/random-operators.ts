import { floatTensor, type Tensor } from '../../tensor/tensor.js';
import { GauntletError } from '../../errors.js';
import { int, type Attributes, type GraphBuilder } from '../builder.js';
import type { InferredDim, Node, Shapes } from '../ir.js';
import { dataTypes } from '../onnx/data-type.js';
import { floatOf, intOf, intsOf } from './opset-rule.js';

/** Standard normal, or uniform in [0, 1). */
export type Distribution = 'normal' | 'uniform';

/** What an operator's random draw becomes nodes with. */
export interface DrawContext {
  readonly node: Node;
  readonly shapes: Shapes;
  readonly builder: GraphBuilder;
  /** Adds a node in the place of the random one; the output has the given name, or a fresh one. */
  readonly emit: (op: string, inputs: readonly string[], output?: string, attributes?: Attributes) => string;
}

/** A random operator as a deterministic function of independent draws. Its own `seed` plays no part. */
interface RandomOperator {
  readonly distribution: Distribution;
  /** Shape of the draws. */
  readonly shape: (node: Node, shapes: Shapes) => readonly InferredDim[];
  /** Emits the operator's outputs, under their own names, from the name of the draws. */
  readonly lower: (context: DrawContext, draws: string) => void;
}

const likeInput = (node: Node, shapes: Shapes): readonly InferredDim[] => shapes.get(node.inputs[0]!)!.dims;
const asWritten = (node: Node): readonly InferredDim[] => intsOf(node, 'shape') ?? [];

const asFloat = ({ shapes, emit }: DrawContext, value: string): string =>
  shapes.get(value)?.type === 'float32' ? value : emit('Cast', [value], undefined, { to: int(1) });

/** Casts to the type of the node's first output, under its name. */
function finish({ node, shapes, emit }: DrawContext, value: string): void {
  const output = node.outputs[0]!;
  const { type } = shapes.get(output)!;
  emit('Cast', [value], output, { to: int(dataTypes[type].code) });
}

/** draws * width + start. */
function affine(context: DrawContext, draws: string, start: number, width: number): void {
  const { builder, emit } = context;
  const scaled = emit('Mul', [draws, builder.scalar(width)]);
  finish(context, emit('Add', [scaled, builder.scalar(start)]));
}

const normal = (shape: RandomOperator['shape']): RandomOperator => ({
  distribution: 'normal',
  shape,
  lower: (context, draws) => {
    affine(context, draws, floatOf(context.node, 'mean') ?? 0, floatOf(context.node, 'scale') ?? 1);
  },
});

const uniform = (shape: RandomOperator['shape']): RandomOperator => ({
  distribution: 'uniform',
  shape,
  lower: (context, draws) => {
    const [low, high] = [floatOf(context.node, 'low') ?? 0, floatOf(context.node, 'high') ?? 1];
    affine(context, draws, low, high - low);
  },
});

/** 1 with the probability that the input holds. */
const bernoulli: RandomOperator = {
  distribution: 'uniform',
  shape: likeInput,
  lower: (context, draws) => {
    finish(context, context.emit('Less', [draws, asFloat(context, context.node.inputs[0]!)]));
  },
};

/** x / (1 - ratio) where a draw is at least the ratio, else 0; the mask says where. */
const dropout: RandomOperator = {
  distribution: 'uniform',
  shape: likeInput,
  lower: (context, draws) => {
    const { node, builder, shapes, emit } = context;
    const [x, given = ''] = node.inputs as [string, string?];
    const mask = node.outputs[1] ?? '';
    const ratio = given === '' ? builder.scalar(0.5) : asFloat(context, given);
    const kept = emit('GreaterOrEqual', [draws, ratio], mask === '' ? undefined : mask);
    const share = emit('Sub', [builder.scalar(1), ratio]);
    const factor = emit('Div', [emit('Cast', [kept], undefined, { to: int(1) }), share]);
    const to = int(dataTypes[shapes.get(x)!.type].code);
    emit('Mul', [x, emit('Cast', [factor], undefined, { to })], node.outputs[0]);
  },
};

const lowerTriangle = (size: number): Tensor =>
  floatTensor(
    Float32Array.from({ length: size * size }, (_, i) => (Math.floor(i / size) <= i % size ? 1 : 0)),
    [size, size],
  );

/** The class in whose stretch of the cumulated probabilities a draw falls; the input holds logarithms, not normalised. */
const multinomial: RandomOperator = {
  distribution: 'uniform',
  shape: (node, shapes) => [likeInput(node, shapes)[0]!, intOf(node, 'sample_size', 1)],
  lower: (context, draws) => {
    const { node, builder, emit } = context;
    const samples = intOf(node, 'sample_size', 1);
    const classes = likeInput(node, context.shapes)[1];
    if (typeof classes !== 'number') throw unusable(node, 'its number of classes is not fixed');
    const probabilities = emit('Softmax', [asFloat(context, node.inputs[0]!)], undefined, { axis: int(1) });
    const triangle = builder.initializer('triangle', lowerTriangle(classes));
    const upTo = emit('Reshape', [emit('MatMul', [probabilities, triangle]), builder.ints([-1, 1, classes])]);
    const drawn = emit('Reshape', [draws, builder.ints([-1, samples, 1])]);
    const passed = emit('Cast', [emit('Not', [emit('Less', [drawn, upTo])])], undefined, { to: int(1) });
    // Rounding may leave the last sum below 1, so it is not counted.
    const counted = Float32Array.from({ length: classes }, (_, i) => (i < classes - 1 ? 1 : 0));
    const column = builder.initializer('counted', floatTensor(counted, [classes, 1]));
    finish(context, emit('Reshape', [emit('MatMul', [passed, column]), builder.ints([-1, samples])]));
  },
};

const DROPOUT_TRAINS_SINCE = 12;

/** How each random operator of the standard is written as a function of draws. */
const OPERATORS: Readonly<Record<string, RandomOperator>> = {
  RandomNormal: normal(asWritten),
  RandomNormalLike: normal(likeInput),
  RandomUniform: uniform(asWritten),
  RandomUniformLike: uniform(likeInput),
  Bernoulli: bernoulli,
  Multinomial: multinomial,
  Dropout: dropout,
};

/**
 * The node as a random operator, or undefined when it draws nothing; Dropout draws in training mode alone.
 * @throws GauntletError MODEL_INVALID for a Dropout whose mode is not constant
 */
export function randomOperator(
  node: Node,
  version: number,
  constant: (value: string) => Tensor | undefined,
): RandomOperator | undefined {
  if (node.domain !== '') return undefined;
  if (node.op === 'Dropout') {
    const mode = node.inputs[2] ?? '';
    if (version < DROPOUT_TRAINS_SINCE || mode === '') return undefined;
    const training = constant(mode);
    if (training === undefined) throw unusable(node, 'its training mode is only known at run time');
    if (training.data[0] === 0) return undefined;
  }
  return OPERATORS[node.op];
}

/** The error for a random node that cannot be drawn per example. */
export const unusable = (node: Node, reason: string): GauntletError =>
  new GauntletError(
    'MODEL_INVALID',
    `the random values of operator ${node.op} (node "${node.name}") cannot be drawn per example: ${reason}`,
    { help: 'Export the model without that operator, or with one draw per example.' },
  );
