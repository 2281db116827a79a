import { tf } from './tf.js';

/**
 * A value of a graph that runs. ONNX has the channels of an image in front, TensorFlow.js computes with them at the end: a value
 * keeps whichever order it was made in and makes the other when it is asked for, so that a chain of layers is not turned around
 * between each two of them.
 */
export class Value {
  private constructor(
    private first: tf.Tensor | undefined,
    private last: tf.Tensor4D | undefined,
  ) {}

  /** A value in the order of the graph. */
  static of(tensor: tf.Tensor): Value {
    return new Value(tensor, undefined);
  }

  /** A batch of images with their channels at the end. */
  static channelsLast(tensor: tf.Tensor): Value {
    return new Value(undefined, tensor as tf.Tensor4D);
  }

  /** The tensor in the order of the graph. */
  get tensor(): tf.Tensor {
    return (this.first ??= tf.transpose(this.last!, [0, 3, 1, 2]));
  }

  /** The tensor, of rank 4, with axis 1 moved to the end. */
  get image(): tf.Tensor4D {
    return (this.last ??= tf.transpose(this.first!, [0, 2, 3, 1]) as tf.Tensor4D);
  }

  /** Whether it is there with its channels at the end and in no other order. */
  get isImage(): boolean {
    return this.first === undefined;
  }

  get dtype(): tf.DataType {
    return (this.first ?? this.last!).dtype;
  }

  get rank(): number {
    return (this.first ?? this.last!).rank;
  }

  /** The value with a function of single elements applied. */
  map(apply: (x: tf.Tensor) => tf.Tensor): Value {
    return this.isImage ? Value.channelsLast(apply(this.image)) : Value.of(apply(this.tensor));
  }
}
