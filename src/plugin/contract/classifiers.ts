import { argmax, type Classifier, type InputSpec, type LossRequest } from '../../classifier/classifier.js';
import { GauntletError } from '../../errors.js';
import { keyedStream } from '../../random/keyed.js';
import { rowOf, sliceRow, type Batch } from '../../tensor/batch.js';
import { elementCount } from '../../tensor/tensor.js';
import { logitLosses } from './logit-losses.js';

/** A dense layer: `weights` is row-major, one row of inputs per output. */
export interface DenseLayer {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/**
 * A fully connected network with tanh between its layers, computed row by row in float64: its logits and gradients are
 * exact up to one rounding to float32, and an example's never depend on the batch it is in. With one layer it is linear.
 *
 * Its losses are those built in (see logit-losses).
 * @throws GauntletError UNKNOWN_LOSS from `lossGradient` for another loss, NO_FEATURES from `features` of a linear one.
 */
export function denseClassifier(layers: readonly DenseLayer[], input: InputSpec): Classifier {
  const numClasses = layers.at(-1)!.bias.length;
  const features = layers.length > 1 ? layers.at(-2)!.bias.length : 0;

  const forwardRows = (batch: Batch): Float64Array[][] => {
    if (elementCount(batch.shape) !== elementCount(input.shape)) {
      throw new GauntletError('INPUT_SHAPE', `the classifier takes [${input.shape.join(', ')}]`);
    }
    return batch.keys.map((_key, row) => forward(layers, rowOf(batch, row)));
  };
  const gradientOf = (batch: Batch, slopeOf: (logits: Float64Array, row: number) => Float64Array) => {
    const runs = forwardRows(batch);
    const gradients = runs.map((values, row) => backward(layers, values, slopeOf(values.at(-1)!, row)));
    return { logits: pack(runs.map((values) => values.at(-1)!)), gradient: pack(gradients) };
  };
  const classifier: Classifier = {
    input,
    numClasses,
    stochastic: false,
    predict: async (batch) => {
      const logits = await classifier.logits(batch);
      return Int32Array.from(batch.keys, (_key, row) => argmax(sliceRow(logits, row, numClasses)));
    },
    logits: async (batch) => Promise.resolve(pack(forwardRows(batch).map((values) => values.at(-1)!))),
    lossGradient: async (batch, request) => {
      const loss = new Float32Array(batch.keys.length);
      const result = gradientOf(batch, (logits, row) => {
        const { value, slope } = lossOf(request, logits, row);
        loss[row] = value;
        return slope;
      });
      return Promise.resolve({ ...result, loss });
    },
    vjp: async (batch, cotangent) =>
      Promise.resolve(
        gradientOf(batch, (_logits, row) => Float64Array.from(sliceRow(cotangent, row, numClasses))),
      ),
    features: async (batch) => {
      if (features === 0)
        throw new GauntletError('NO_FEATURES', 'a linear classifier has no penultimate layer');
      return Promise.resolve(pack(forwardRows(batch).map((values) => values.at(-2)!)));
    },
  };
  return classifier;
}

/** A linear classifier with standard normal weights over sqrt(inputs), and no bias. */
export function randomLinear(
  seed: number,
  input: InputSpec,
  numClasses: number,
): Classifier & { layer: DenseLayer } {
  const layer = randomLayer(seed, 0, elementCount(input.shape), numClasses, 1);
  return { ...denseClassifier([layer], input), layer };
}

/** A network with one hidden layer. */
export function randomNetwork(
  seed: number,
  input: InputSpec,
  hidden: number,
  numClasses: number,
): Classifier {
  const size = elementCount(input.shape);
  return denseClassifier(
    [randomLayer(seed, 1, size, hidden, 3), randomLayer(seed, 2, hidden, numClasses, 3)],
    input,
  );
}

function randomLayer(seed: number, index: number, inputs: number, outputs: number, gain: number): DenseLayer {
  const weights = keyedStream(seed, index, 'contract/weights').fillNormal(new Float64Array(inputs * outputs));
  return {
    weights: weights.map((value) => (value * gain) / Math.sqrt(inputs)),
    bias: new Float64Array(outputs),
  };
}

function lossOf({ labels, targets, loss }: LossRequest, logits: Float64Array, row: number) {
  const compute = logitLosses[loss];
  if (compute === undefined) {
    throw new GauntletError(
      'UNKNOWN_LOSS',
      `the contract's classifiers have ${Object.keys(logitLosses).join(', ')}`,
    );
  }
  return compute(logits, labels[row]!, targets?.[row] ?? labels[row]!);
}

const { tanh } = Math;

/** Values of the input and after each layer (tanh applied but for the last). */
function forward(layers: readonly DenseLayer[], example: Float32Array): Float64Array[] {
  const values = [Float64Array.from(example)];
  layers.forEach(({ weights, bias }, index) => {
    const inputs = values.at(-1)!;
    const size = inputs.length;
    const outputs = bias.slice();
    for (let output = 0, at = 0; output < outputs.length; output++, at += size) {
      let sum = bias[output]!;
      for (let i = 0; i < size; i++) sum += weights[at + i]! * inputs[i]!;
      outputs[output] = index === layers.length - 1 ? sum : tanh(sum);
    }
    values.push(outputs);
  });
  return values;
}

function backward(
  layers: readonly DenseLayer[],
  values: readonly Float64Array[],
  slope: Float64Array,
): Float64Array {
  let outer = slope;
  for (let index = layers.length - 1; index >= 0; index--) {
    const { weights } = layers[index]!;
    const inputs = values[index]!;
    const inner = new Float64Array(inputs.length);
    for (let output = 0; output < outer.length; output++) {
      for (let i = 0; i < inner.length; i++)
        inner[i]! += outer[output]! * weights[output * inner.length + i]!;
    }
    outer = index === 0 ? inner : inner.map((value, i) => value * (1 - inputs[i]! ** 2));
  }
  return outer;
}

function pack(rows: readonly Float64Array[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const packed = new Float32Array(rows.length * width);
  rows.forEach((row, i) => packed.set(row, i * width));
  return packed;
}
