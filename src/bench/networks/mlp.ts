import type { Graph } from '../../graph/ir.js';
import { DrawnLayers } from './layers.js';

const WIDTHS = [784, 1024, 1024, 64];

/** 28x28x1 through dense layers of 1024, 1024 and 64 units with ReLU, 10 classes. */
export function mlp(): Graph {
  const net = new DrawnLayers('mlp');
  let x = net.builder.add('Flatten', [net.input([1, 28, 28]).value]);
  WIDTHS.slice(1).forEach((units, i) => {
    x = net.relu(net.dense(x, WIDTHS[i]!, units));
  });
  return net.finish(net.dense(x, WIDTHS.at(-1)!, 10), 10);
}
