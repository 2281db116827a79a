import { elementCount, floatTensor, type FloatTensor } from '../../tensor/tensor.js';
import type { RandomStream } from '../../random/stream.js';

/**
 * Initial values of a layer's weight or bias: uniform in [-1/sqrt(fanIn), 1/sqrt(fanIn)), where `fanIn` is the number of
 * inputs of one unit. This is PyTorch's default for linear and convolution layers (Kaiming uniform with a = sqrt(5); He et
 * al. 2015, "Delving Deep into Rectifiers", section 2.2, gives the family).
 */
export function uniformByFanIn(stream: RandomStream, dims: readonly number[], fanIn: number): FloatTensor {
  const bound = 1 / Math.sqrt(fanIn);
  return floatTensor(stream.fillUniform(new Float32Array(elementCount(dims)), -bound, bound), dims);
}
