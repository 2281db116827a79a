import type { Graph } from '../../graph/ir.js';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import { resnet18 } from './resnet18.js';
import { vit } from './vit.js';

export type BenchNetworkId = 'cnn' | 'mlp' | 'resnet18' | 'vit';

/** A network that is timed; its weights are drawn, as speed does not depend on training. */
export interface BenchNetwork {
  readonly title: string;
  /** Images in [0, 1], input `input` [batch, C, H, W], output `logits` [batch, 10]. */
  readonly build: () => Graph;
  /** Images per pass: what the classifier is asked for at once. */
  readonly batchSize: number;
}

/** The networks of the bench, in the order they are timed. */
export const benchNetworks: Readonly<Record<BenchNetworkId, BenchNetwork>> = {
  cnn: { title: 'CNN, 3 convolutions, 28x28x1', build: cnn, batchSize: 128 },
  mlp: { title: 'MLP 784-1024-1024-64-10', build: mlp, batchSize: 128 },
  resnet18: { title: 'ResNet-18, 32x32x3', build: resnet18, batchSize: 32 },
  vit: { title: 'ViT, patch 4, width 192, depth 6, 3 heads, 32x32x3', build: vit, batchSize: 32 },
};

export const benchNetworkIds = Object.keys(benchNetworks) as readonly BenchNetworkId[];
