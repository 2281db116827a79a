import { createClassifier, type EngineClassifier } from '../classifier/engine-classifier.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import { localServices } from '../evaluate/local-services.js';
import { countFlops } from '../graph/flops.js';
import { inferShapes } from '../graph/shapes.js';
import type { NetworkReport, PassReport } from '../results/schema/bench.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { labelledImages } from './images.js';
import { benchModel, parameterCount } from './models.js';
import { benchNetworks, type BenchNetworkId } from './networks/index.js';
import { peakOf } from './peak.js';
import { PGD_STEPS, pgdTask } from './pgd.js';
import { timedEngine, type TimedEngine } from './timed-engine.js';
import { openTorch, type TorchNetwork } from './torch.js';
import { besideYardstick, contender, overall, takeTurns, type Contender, type Pace } from './turns.js';

/** How a network is timed. */
export interface NetworkOptions extends Pace {
  readonly threads: number;
  /** Images per call; the network's own by default. */
  readonly batchSize?: number;
  /** Images per engine call at most; the classifier's choice by default. */
  readonly engineBatch?: number;
  /** A Python interpreter that has torch, to time the network there too. */
  readonly python?: string;
}

/** A network ready to be timed. */
interface Subject {
  readonly engine: TimedEngine;
  readonly classifier: EngineClassifier;
  readonly batch: LabelledBatch;
  readonly parameters: number;
  readonly forwardFlops: number;
}

/**
 * Times a network: forward pass, gradient and PGD in turns with the matrix product that they are measured against.
 * @returns the report but for the memory, which only a process of its own can tell
 * @throws GauntletError USAGE when the options name a Python interpreter without torch
 */
export async function measureNetwork(
  id: BenchNetworkId,
  options: NetworkOptions,
): Promise<Omit<NetworkReport, 'peakMemory'>> {
  const { threads, engineBatch } = options;
  const { title, batchSize: ownBatch } = benchNetworks[id];
  const batchSize = options.batchSize ?? ownBatch;
  const subject = await openSubject(id, batchSize, options);
  const torch = await openRival(id, batchSize, subject.parameters, options);
  const peak = await peakOf(await createOnnxRuntimeEngine(), threads);
  const { forwardFlops, parameters, classifier } = subject;
  const { forward, gradient, pgd, shareOutsideEngine } = await contendersOf(subject, threads);
  try {
    const rivals = torch === undefined ? [] : [torch.forward, torch.gradient];
    const order = [forward, gradient, pgd, ...rivals].flatMap((one) => [peak.contender, one]);
    const slices = await takeTurns([...order, peak.contender], options);
    const products = slices.flatMap(({ of, times }) => (of === peak.contender ? [1000 / times.fastest] : []));
    const peakGflops = Math.max(...products);
    const passOf = (one: Contender, flops: number): PassReport => {
      const milliseconds = overall(slices, one);
      const imagesPerSecond = (1000 * batchSize) / milliseconds.fastest;
      const gflops = (imagesPerSecond * flops) / 1e9;
      const shareInTurns = (flops * batchSize) / 1e9 / besideYardstick(slices, one);
      return { milliseconds, imagesPerSecond, gflops, shareOfPeak: gflops / peakGflops, shareInTurns };
    };
    const passesOf = (of: { readonly forward: Contender; readonly gradient: Contender }) => ({
      forward: passOf(of.forward, forwardFlops),
      gradient: passOf(of.gradient, 2 * forwardFlops),
    });
    const passes = passesOf({ forward, gradient });
    return {
      ...{ id, title, batchSize, parameters, forwardFlops, ...passes },
      ...(engineBatch !== undefined && { engineBatch }),
      peak: { gflops: peakGflops, slowest: Math.min(...products) },
      pgd: {
        ...passOf(pgd, PGD_STEPS * 2 * forwardFlops),
        ...{ steps: PGD_STEPS, shareOutsideEngine: shareOutsideEngine() },
      },
      // On a very busy machine even a gradient can be seen to take less than its forward pass.
      backwardRatio: Math.max(
        0,
        passes.gradient.milliseconds.fastest / passes.forward.milliseconds.fastest - 1,
      ),
      ...(torch && { torch: { version: torch.version, ...passesOf(torch) } }),
    };
  } finally {
    torch?.close();
    await Promise.all([classifier.dispose(), peak.release()]);
  }
}

async function openSubject(
  id: BenchNetworkId,
  batchSize: number,
  { threads, engineBatch }: NetworkOptions,
): Promise<Subject> {
  const engine = timedEngine(await createOnnxRuntimeEngine());
  const model = await benchModel(id, engine);
  const chosen = engineBatch === undefined ? {} : { engineBatch };
  const classifier = await createClassifier(model, engine, { threads, ...chosen });
  return {
    ...{ engine, classifier, batch: await labelledImages(classifier, batchSize) },
    parameters: parameterCount(model.graph),
    forwardFlops: countFlops(model.graph, await inferShapes(model.graph, runnerOf(engine))),
  };
}

async function contendersOf({ engine, classifier, batch }: Subject, threads: number) {
  const { labels } = batch;
  const attack = await pgdTask(await localServices({ threads }), classifier, batch);
  let wall = 0;
  let inside = 0;
  const watched = async (): Promise<void> => {
    const [started, spent] = [performance.now(), engine.seconds()];
    await attack();
    inside += engine.seconds() - spent;
    wall += (performance.now() - started) / 1000;
  };
  return {
    forward: contender('forward', () => classifier.logits(batch)),
    gradient: contender('forward + gradient', () => classifier.lossGradient(batch, { labels, loss: 'ce' })),
    pgd: contender(`PGD-${PGD_STEPS}`, watched),
    shareOutsideEngine: () => 1 - inside / wall,
  };
}

async function openRival(
  id: BenchNetworkId,
  batchSize: number,
  parameters: number,
  { python, threads }: NetworkOptions,
): Promise<TorchNetwork | undefined> {
  if (python === undefined) return undefined;
  const torch = await openTorch(python, { id, batchSize, threads });
  if (torch.parameters === parameters) return torch;
  torch.close();
  throw new GauntletError(
    'INTERNAL',
    `${id} has ${torch.parameters} weights in PyTorch, ${parameters} here: not the same network.`,
  );
}
