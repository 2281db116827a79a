import { float, GraphBuilder, int, ints } from '../../graph/builder.js';
import { BATCH, type Graph } from '../../graph/ir.js';
import { keyedStream } from '../../random/keyed.js';
import { elementCount, floatTensor } from '../../tensor/tensor.js';

const OPSET = 17;

/** Values drawn for a tensor; a larger one repeats them. A prime, so that its rows differ all the same. */
const DRAWN = 65_537;

/** Images inside a network: value name and shape without batch, [C, H, W]. */
export interface Image {
  readonly value: string;
  readonly shape: readonly [channels: number, height: number, width: number];
}

export interface ConvOptions {
  readonly channels: number;
  readonly kernel: number;
  /** 1 by default. */
  readonly stride?: number;
  /** Zeros on every side; half the kernel, rounded down, by default. */
  readonly padding?: number;
  /** Standard deviation of the weights, as a multiple of He's; 1 by default. */
  readonly gain?: number;
}

/**
 * Adds layers with drawn weights to a graph under construction. Weights of variance 2 / fan-in (He et al. 2015, "Delving
 * Deep into Rectifiers", section 2.2) keep activations of order one in every layer; biases are small, not zero, so that
 * nothing is a constant.
 */
export class DrawnLayers {
  readonly builder: GraphBuilder;
  private layers = 0;

  constructor(private readonly network: string) {
    this.builder = new GraphBuilder({ name: network, opsets: { '': OPSET } });
  }

  /** The network's input, images [batch, C, H, W]. */
  input(shape: Image['shape']): Image {
    return { value: this.builder.input('input', 'float32', [BATCH, ...shape]), shape };
  }

  /** Declares the logits [batch, classes] and returns the finished graph. */
  finish(logits: string, classes: number): Graph {
    this.builder.addNamed('Identity', [logits], 'logits');
    this.builder.output('logits', 'float32', [BATCH, classes]);
    return this.builder.build();
  }

  conv(
    x: Image,
    { channels, kernel, stride = 1, padding = Math.floor(kernel / 2), gain }: ConvOptions,
  ): Image {
    const [channelsIn, height, width] = x.shape;
    const weight = this.weight([channels, channelsIn, kernel, kernel], channelsIn * kernel ** 2, gain);
    const size = (length: number) => Math.floor((length + 2 * padding - kernel) / stride) + 1;
    const value = this.builder.add('Conv', [x.value, weight, this.bias(channels)], {
      kernel_shape: ints([kernel, kernel]),
      pads: ints([padding, padding, padding, padding]),
      strides: ints([stride, stride]),
    });
    return { value, shape: [channels, size(height), size(width)] };
  }

  /** x W + b of a matrix [batch, width]. */
  dense(x: string, width: number, units: number): string {
    const weight = this.weight([units, width], width);
    return this.builder.add('Gemm', [x, weight, this.bias(units)], { transB: int(1) });
  }

  /** x W + b on the last axis of a value of any rank, the way transformers are exported. */
  project(x: string, width: number, units: number, gain?: number): string {
    const product = this.builder.add('MatMul', [x, this.weight([width, units], width, gain)]);
    return this.builder.add('Add', [product, this.bias(units)]);
  }

  relu(x: string): string {
    return this.builder.add('Relu', [x]);
  }

  convRelu(x: Image, options: ConvOptions): Image {
    const conv = this.conv(x, options);
    return { ...conv, value: this.relu(conv.value) };
  }

  maxPool2(x: Image): Image {
    const [channels, height, width] = x.shape;
    const value = this.builder.add('MaxPool', [x.value], {
      kernel_shape: ints([2, 2]),
      strides: ints([2, 2]),
    });
    return { value, shape: [channels, Math.floor(height / 2), Math.floor(width / 2)] };
  }

  /** Normalisation of the last axis, with drawn scale near one. */
  layerNorm(x: string, width: number): string {
    const stream = this.stream('scale');
    const scale = stream.fillUniform(new Float32Array(width), 0.9, 1.1);
    const inputs = [x, this.builder.initializer('scale', floatTensor(scale, [width])), this.bias(width)];
    return this.builder.add('LayerNormalization', inputs, { axis: int(-1), epsilon: float(1e-6) });
  }

  /** A constant with values drawn evenly around zero, of the given standard deviation. */
  constant(name: string, dims: readonly number[], deviation: number): string {
    const bound = Math.sqrt(3) * deviation;
    const values = new Float32Array(elementCount(dims));
    const drawn = new Float32Array(Math.min(values.length, DRAWN));
    this.stream(name).fillUniform(drawn, -bound, bound);
    for (let at = 0; at < values.length; at += DRAWN) values.set(drawn.subarray(0, values.length - at), at);
    return this.builder.initializer(name, floatTensor(values, dims));
  }

  private weight(dims: readonly number[], fanIn: number, gain = 1): string {
    return this.constant('weight', dims, gain * Math.sqrt(2 / fanIn));
  }

  private bias(units: number): string {
    return this.constant('bias', [units], 0.01);
  }

  private stream(name: string) {
    return keyedStream(0, this.layers++, `bench/${this.network}/${name}`);
  }
}
