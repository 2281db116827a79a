import { createClassifier, type EngineClassifier } from '../classifier/engine-classifier.js';
import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { inferShapes } from '../graph/shapes.js';
import { buildNetwork, type NetworkSpec } from '../models/architectures/network.js';
import { asClassifier } from '../models/load.js';
import { keyedStream } from '../random/keyed.js';
import { forwardFlops } from './flops.js';

const INPUT: NetworkSpec['input'] = { shape: [1, 28, 28], mean: [0.1307], std: [0.3081] };

/**
 * What is timed: the network of the zoo's MLPs and a small CNN, both built in code with drawn weights (speed does not
 * depend on training).
 */
export const benchNetworks: Readonly<Record<'mlp' | 'cnn', NetworkSpec>> = {
  mlp: {
    backbone: { kind: 'mlp', widths: [256, 256] },
    head: 'binenc',
    activation: 'silu',
    input: INPUT,
    numClasses: 10,
  },
  cnn: {
    backbone: { kind: 'cnn', channels: [16, 32], widths: [128] },
    head: 'binenc',
    activation: 'relu',
    input: INPUT,
    numClasses: 10,
  },
};

export interface BenchModel {
  readonly id: string;
  readonly classifier: EngineClassifier;
  /** Floating-point operations of one forward pass of one example. */
  readonly forwardFlops: number;
}

/** Builds and compiles a network of `benchNetworks`. */
export async function benchModel(
  id: keyof typeof benchNetworks,
  engine: Engine,
  options: { readonly threads: number; readonly batchSize: number },
): Promise<BenchModel> {
  const { graph } = buildNetwork(benchNetworks[id], (parameter) => keyedStream(0, 0, `bench/${parameter}`));
  const model = {
    id,
    sha256: '',
    bytes: 0,
    ...(await asClassifier(graph, engine, undefined, id)),
  };
  const shapes = await inferShapes(model.graph, runnerOf(engine));
  const { threads, batchSize } = options;
  return {
    id,
    classifier: await createClassifier(model, engine, { threads, engineBatch: batchSize }),
    forwardFlops: forwardFlops(model.graph, shapes),
  };
}
