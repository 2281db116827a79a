import { int, ints, type GraphBuilder } from '../../graph/builder.js';
import type { RandomStream } from '../../random/stream.js';
import { uniformByFanIn } from './initialise.js';

/** Gives the stream that the initial values of the named parameter are drawn from. */
export type ParameterStreams = (parameter: string) => RandomStream;

/** A trainable tensor: an initializer of the network's graph. */
export interface Parameter {
  /** Name of the initializer, `<layer>.weight` or `<layer>.bias`. */
  readonly name: string;
  readonly dims: readonly number[];
}

/** Images inside a network: value name, channels, height and width. */
export interface ImageValue {
  readonly value: string;
  readonly shape: readonly [channels: number, height: number, width: number];
}

/** A matrix [batch, width] inside a network. */
export interface VectorValue {
  readonly value: string;
  readonly width: number;
}

/** Adds layers with parameters to a graph under construction, and remembers the parameters in order. */
export class LayerBuilder {
  readonly parameters: Parameter[] = [];

  constructor(
    readonly builder: GraphBuilder,
    private readonly streams: ParameterStreams,
  ) {}

  /** x W^T + b, with W of shape [units, width]. */
  dense(name: string, x: VectorValue, units: number): VectorValue {
    const weight = this.parameter(`${name}.weight`, [units, x.width], x.width);
    const bias = this.parameter(`${name}.bias`, [units], x.width);
    return { value: this.builder.add('Gemm', [x.value, weight, bias], { transB: int(1) }), width: units };
  }

  /** 3x3 convolution, stride 1, zero padding 1, with bias: keeps height and width. */
  conv3x3(name: string, x: ImageValue, channels: number): ImageValue {
    const [channelsIn, height, width] = x.shape;
    const fanIn = channelsIn * 9;
    const weight = this.parameter(`${name}.weight`, [channels, channelsIn, 3, 3], fanIn);
    const bias = this.parameter(`${name}.bias`, [channels], fanIn);
    const attributes = { kernel_shape: ints([3, 3]), pads: ints([1, 1, 1, 1]), strides: ints([1, 1]) };
    return {
      value: this.builder.add('Conv', [x.value, weight, bias], attributes),
      shape: [channels, height, width],
    };
  }

  /** 2x2 max pooling with stride 2; an odd last row or column is dropped. */
  maxPool2x2(x: ImageValue): ImageValue {
    const [channels, height, width] = x.shape;
    const attributes = { kernel_shape: ints([2, 2]), strides: ints([2, 2]) };
    const value = this.builder.add('MaxPool', [x.value], attributes);
    return { value, shape: [channels, Math.floor(height / 2), Math.floor(width / 2)] };
  }

  flatten(x: ImageValue): VectorValue {
    const [channels, height, width] = x.shape;
    return {
      value: this.builder.add('Flatten', [x.value], { axis: int(1) }),
      width: channels * height * width,
    };
  }

  private parameter(name: string, dims: readonly number[], fanIn: number): string {
    const unique = this.builder.initializer(name, uniformByFanIn(this.streams(name), dims, fanIn));
    this.parameters.push({ name: unique, dims });
    return unique;
  }
}
