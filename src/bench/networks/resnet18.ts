import type { Graph } from '../../graph/ir.js';
import { DrawnLayers, type Image } from './layers.js';

const STAGES = [64, 128, 256, 512];
/** Keeps the sum of branch and shortcut from growing block by block, as batch normalisation does before it is folded. */
const BRANCH_GAIN = 0.3;

/**
 * ResNet-18 for 32x32x3 images (He et al. 2016, "Deep Residual Learning", with the CIFAR stem: 3x3 convolution, no pooling),
 * two blocks each of 64, 128, 256 and 512 channels, batch normalisations already folded into the convolutions.
 */
export function resnet18(): Graph {
  const net = new DrawnLayers('resnet18');
  let x = net.convRelu(net.input([3, 32, 32]), { channels: STAGES[0]!, kernel: 3 });
  STAGES.forEach((channels, stage) => {
    x = block(net, x, channels, stage === 0 ? 1 : 2);
    x = block(net, x, channels, 1);
  });
  const pooled = net.builder.add('GlobalAveragePool', [x.value]);
  const flat = net.builder.add('Flatten', [pooled]);
  return net.finish(net.dense(flat, STAGES.at(-1)!, 10), 10);
}

/** Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes. */
function block(net: DrawnLayers, x: Image, channels: number, stride: number): Image {
  const inner = net.convRelu(x, { channels, kernel: 3, stride });
  const branch = net.conv(inner, { channels, kernel: 3, gain: BRANCH_GAIN });
  const shortcut = stride === 1 ? x : net.conv(x, { channels, kernel: 1, stride, gain: Math.SQRT1_2 });
  return { ...branch, value: net.relu(net.builder.add('Add', [branch.value, shortcut.value])) };
}
