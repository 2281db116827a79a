import { intAttribute } from '../../../graph/autodiff/attributes.js';
import type { Window } from '../../../graph/autodiff/window.js';
import { permuted } from '../../../tensor/permute.js';
import { elementCount, floatTensor, type FloatTensor } from '../../../tensor/tensor.js';
import { IMAGE_ORDER, imageOf, marginsOf, paddingOf, withZeros } from '../padding.js';
import type { Lowering } from '../step.js';

const convolution: Lowering = (step) => {
  const filter = step.floats(1)!;
  const image = imageOf(step);
  const groups = intAttribute(step.node, 'group', 1);
  const window = step.window(filter.dims.slice(2));
  const margins = marginsOf(step, window);
  const padding = paddingOf(window, margins);
  const spread = padding === undefined ? withZeros(step, image, margins) : image;
  const isDepthwise = groups === image.shape[0] && groups > 1;
  const bias = step.floats(2);
  const { strides, dilations, kernel } = keepsHoles(window, isDepthwise) ? window : withoutHoles(window);
  const whole = kernel === window.kernel ? filter : withHoles(filter, window);
  const settings = {
    kernel_size: kernel,
    strides,
    padding: padding ?? 'valid',
    data_format: 'channels_last',
    dilation_rate: dilations,
    use_bias: bias !== undefined,
    activation: 'linear',
  };
  const added = bias && { bias };
  const layer = isDepthwise
    ? step.writer.add(
        'DepthwiseConv2D',
        [spread],
        { ...settings, depth_multiplier: filter.dims[0]! / groups },
        { depthwise_kernel: depthwiseKernel(whole, groups), ...added },
      )
    : step.writer.add(
        'Conv2D',
        [spread],
        { ...settings, filters: filter.dims[0]! },
        { kernel: permuted(ungrouped(whole, groups), [2, 3, 1, 0]), ...added },
      );
  return { layer, shape: step.shape, order: IMAGE_ORDER };
};

/** TensorFlow.js dilates no depthwise convolution, and none that moves by more than one. */
const keepsHoles = ({ strides, dilations }: Window, isDepthwise: boolean): boolean =>
  dilations.every((dilation) => dilation === 1) || (!isDepthwise && strides.every((stride) => stride === 1));

const withoutHoles = ({ kernel, strides, dilations }: Window) => ({
  kernel: kernel.map((size, axis) => (size - 1) * dilations[axis]! + 1),
  strides,
  dilations: dilations.map(() => 1),
});

/** The filter with zeros where it is dilated. */
function withHoles({ data, dims }: FloatTensor, window: Window): FloatTensor {
  const [height, width] = window.kernel as [number, number];
  const [down, across] = window.dilations as [number, number];
  const kernel = withoutHoles(window).kernel as [number, number];
  const count = elementCount(dims.slice(0, 2));
  const spread = new Float32Array(count * elementCount(kernel));
  for (let filter = 0; filter < count; filter++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        spread[(filter * kernel[0] + y * down) * kernel[1] + x * across] =
          data[(filter * height + y) * width + x]!;
  return floatTensor(spread, [...dims.slice(0, 2), ...kernel]);
}

/** [channels * multiplier, 1, height, width] as [height, width, channels, multiplier]. */
function depthwiseKernel({ data, dims }: FloatTensor, channels: number): FloatTensor {
  const [filters, , height, width] = dims as [number, number, number, number];
  return permuted(floatTensor(data, [channels, filters / channels, height, width]), [2, 3, 0, 1]);
}

/** The filter of one group that does the same: zero between channels of different groups. */
function ungrouped({ data, dims }: FloatTensor, groups: number): FloatTensor {
  if (groups === 1) return floatTensor(data, dims);
  const [filters, channels, ...kernel] = dims as [number, number, ...number[]];
  const size = channels * elementCount(kernel);
  const whole = new Float32Array(filters * groups * size);
  for (let filter = 0; filter < filters; filter++) {
    const group = Math.floor((filter * groups) / filters);
    whole.set(data.subarray(filter * size, (filter + 1) * size), (filter * groups + group) * size);
  }
  return floatTensor(whole, [filters, channels * groups, ...kernel]);
}

export const convolutionLowerings: Readonly<Record<string, Lowering>> = { Conv: convolution };
