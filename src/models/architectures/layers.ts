import { GauntletError } from '../../errors.js';
import { float, int, ints, type GraphBuilder } from '../../graph/builder.js';
import type { RandomStream } from '../../random/stream.js';
import { floatTensor, type FloatTensor } from '../../tensor/tensor.js';
import { activations, type ActivationId } from './activations.js';
import { uniformByFanIn } from './initialise.js';

/** Gives the stream that the initial values of the named parameter are drawn from. */
export type ParameterStreams = (parameter: string) => RandomStream;

/** A tensor that training changes: an initializer of the network's graph. */
export interface Parameter {
  /** Name of the initializer: `<layer>.weight`, `<layer>.bias`, `<layer>.running_mean`, `<layer>.running_variance`. */
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

export interface ConvolutionOptions {
  readonly channels: number;
  /** Side of the kernel, odd. */
  readonly kernel: number;
  /** 1 by default. */
  readonly stride?: number;
  /** True by default. */
  readonly bias?: boolean;
}

/** PyTorch's and ONNX's default. */
const NORM_EPSILON = 1e-5;

/**
 * Adds layers with parameters to a graph under construction, and remembers the parameters in order. What it has no method for is
 * added with `builder`.
 */
export class LayerBuilder {
  /** What a gradient moves. */
  readonly parameters: Parameter[] = [];
  /** What follows the batches. */
  readonly statistics: Parameter[] = [];

  constructor(
    readonly builder: GraphBuilder,
    private readonly streams: ParameterStreams,
  ) {}

  /** x W^T + b, with W of shape [units, width]. */
  dense(name: string, x: VectorValue, units: number): VectorValue {
    const weight = this.weight(`${name}.weight`, [units, x.width], x.width);
    const bias = this.weight(`${name}.bias`, [units], x.width);
    return { value: this.builder.add('Gemm', [x.value, weight, bias], { transB: int(1) }), width: units };
  }

  /** 3x3 convolution, stride 1, zero padding 1, with bias: keeps height and width. */
  conv3x3(name: string, x: ImageValue, channels: number): ImageValue {
    return this.convolution(name, x, { channels, kernel: 3 });
  }

  /** Square convolution, zero-padded so that stride 1 keeps height and width. */
  convolution(name: string, x: ImageValue, options: ConvolutionOptions): ImageValue {
    const { channels, kernel, stride = 1, bias = true } = options;
    const [channelsIn, height, width] = x.shape;
    const fanIn = channelsIn * kernel ** 2;
    const pad = (kernel - 1) / 2;
    const weight = this.weight(`${name}.weight`, [channels, channelsIn, kernel, kernel], fanIn);
    const attributes = {
      kernel_shape: ints([kernel, kernel]),
      pads: ints([pad, pad, pad, pad]),
      strides: ints([stride, stride]),
    };
    const inputs = [x.value, weight, ...(bias ? [this.weight(`${name}.bias`, [channels], fanIn)] : [])];
    return {
      value: this.builder.add('Conv', inputs, attributes),
      shape: [channels, Math.ceil(height / stride), Math.ceil(width / stride)],
    };
  }

  /**
   * Batch normalisation with the running statistics (Ioffe and Szegedy 2015); scale begins at 1, shift at 0. Training puts the
   * batch's own statistics in their place.
   */
  batchNormalization(name: string, x: ImageValue): ImageValue {
    const dims = [x.shape[0]];
    const filled = (value: number) => floatTensor(new Float32Array(x.shape[0]).fill(value), dims);
    const scale = this.trained(`${name}.weight`, filled(1));
    const shift = this.trained(`${name}.bias`, filled(0));
    const mean = this.named(`${name}.running_mean`, filled(0));
    const variance = this.named(`${name}.running_variance`, filled(1));
    this.statistics.push({ name: mean, dims }, { name: variance, dims });
    const inputs = [x.value, scale, shift, mean, variance];
    return { ...x, value: this.builder.add('BatchNormalization', inputs, { epsilon: float(NORM_EPSILON) }) };
  }

  /** The activation of every value. */
  activate<T extends ImageValue | VectorValue>(x: T, activation: ActivationId): T {
    return { ...x, value: activations[activation](this.builder, x.value) };
  }

  /** 2x2 max pooling with stride 2; an odd last row or column is dropped. */
  maxPool2x2(x: ImageValue): ImageValue {
    const [channels, height, width] = x.shape;
    if (height < 2 || width < 2)
      throw new GauntletError(
        'RECIPE_INVALID',
        `network.backbone: nothing is left to pool of images that are ${height} x ${width} by then.`,
      );
    const attributes = { kernel_shape: ints([2, 2]), strides: ints([2, 2]) };
    const value = this.builder.add('MaxPool', [x.value], attributes);
    return { value, shape: [channels, Math.floor(height / 2), Math.floor(width / 2)] };
  }

  /** The mean of every channel. */
  globalAveragePool(x: ImageValue): VectorValue {
    const means = this.builder.add('GlobalAveragePool', [x.value]);
    return this.flatten({ value: means, shape: [x.shape[0], 1, 1] });
  }

  flatten(x: ImageValue): VectorValue {
    const [channels, height, width] = x.shape;
    return {
      value: this.builder.add('Flatten', [x.value], { axis: int(1) }),
      width: channels * height * width,
    };
  }

  /** A parameter that begins uniform, within bounds that `fanIn` sets. */
  weight(name: string, dims: readonly number[], fanIn: number): string {
    return this.trained(name, uniformByFanIn(this.streams(name), dims, fanIn));
  }

  private trained(name: string, initial: FloatTensor): string {
    this.parameters.push({ name: this.named(name, initial), dims: initial.dims });
    return name;
  }

  /** Initial values and checkpoints go by the name, so that no two layers may share one. */
  private named(name: string, initial: FloatTensor): string {
    if (this.builder.initializer(name, initial) === name) return name;
    throw new GauntletError('PLUGIN_INVALID', `two layers of one network have a parameter "${name}"`, {
      help: 'Give every layer that `build` adds a name of its own.',
    });
  }
}
