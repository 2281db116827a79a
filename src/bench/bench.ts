import { availableParallelism, cpus } from 'node:os';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { packageVersion } from '../resources.js';
import type { BenchReport, NetworkReport } from '../results/schema/bench.js';
import { validateResult } from '../results/validate.js';
import type { NetworkOptions } from './network.js';
import { benchNetworkIds, type BenchNetworkId } from './networks/index.js';
import { measureApart } from './process.js';

export interface BenchOptions extends Partial<Omit<NetworkOptions, 'onSlice'>> {
  /** The networks to time; all, and several sessions of one process, by default. */
  readonly only?: readonly BenchNetworkId[];
  readonly onProgress?: (fraction: number, label: string) => void;
}

/** Enough for every contender to meet a quiet moment of the machine, in about a minute. */
const ROUNDS = 4;
/** Milliseconds of a slice. */
const SLICE = 300;

/**
 * Measures the networks on this machine, each in a process of its own.
 * @throws GauntletError USAGE when there is no torch where the options name an interpreter for it
 */
export async function runBench(options: BenchOptions = {}): Promise<BenchReport> {
  const { only, onProgress, signal, ...given } = options;
  const plain = { threads: availableParallelism(), rounds: ROUNDS, slice: SLICE, ...given };
  const ids = only ?? benchNetworkIds;
  const withSessions = only === undefined;
  const engine = await createOnnxRuntimeEngine();
  const total = ids.length + (withSessions ? 1 : 0);
  const watch = (done: number, what: string) => ({
    ...(signal && { signal }),
    onSlice: (name: string) => onProgress?.(done / total, `${what}: ${name}`),
  });

  const networks: NetworkReport[] = [];
  for (const id of ids) {
    networks.push(await measureApart({ kind: 'network', id, options: plain }, watch(networks.length, id)));
  }
  const { threads } = plain;
  const sessions = withSessions
    ? await measureApart({ kind: 'sessions', options: plain }, watch(ids.length, 'sessions'))
    : undefined;
  const report: BenchReport = {
    schemaVersion: 1,
    kind: 'bench',
    tool: { name: 'gauntlet', version: packageVersion },
    engine: { id: engine.id, version: engine.version },
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      node: process.versions.node,
    },
    threads,
    networks,
    ...(sessions && { sessions }),
  };
  return validateResult('bench', report, 'bench report');
}
