import type { Graph } from '../../graph/ir.js';
import { DrawnLayers } from './layers.js';

/** 28x28x1: 3x3 convolutions of 32, 64 and 128 channels, 2x2 max pooling behind the last two, dense 128, 10 classes. */
export function cnn(): Graph {
  const net = new DrawnLayers('cnn');
  const first = net.convRelu(net.input([1, 28, 28]), { channels: 32, kernel: 3 });
  const second = net.maxPool2(net.convRelu(first, { channels: 64, kernel: 3 }));
  const third = net.maxPool2(net.convRelu(second, { channels: 128, kernel: 3 }));
  const flat = net.builder.add('Flatten', [third.value]);
  const hidden = net.relu(net.dense(flat, 128 * 7 * 7, 128));
  return net.finish(net.dense(hidden, 128, 10), 10);
}
