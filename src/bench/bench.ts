import { availableParallelism, cpus } from 'node:os';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { packageVersion } from '../resources.js';
import type {
  AttackReport,
  BenchReport,
  CorruptionReport,
  EngineReport,
  NetworkReport,
  SessionsReport,
  TrainingReport,
} from '../results/schema/bench.js';
import { validateResult } from '../results/validate.js';
import type { NetworkOptions } from './network.js';
import { benchNetworkIds, type BenchNetworkId } from './networks/index.js';
import { measureApart, type Measurement } from './process.js';

/** What can be measured: passes and PGD of networks, sessions of one process in turns, training steps, every attack, every corruption,
 * TensorFlow.js beside the native engine. */
export const BENCH_PARTS = ['networks', 'sessions', 'training', 'attacks', 'corruptions', 'engines'] as const;
export type BenchPart = (typeof BENCH_PARTS)[number];

export interface BenchOptions extends Partial<Omit<NetworkOptions, 'onSlice'>> {
  /** All by default; the networks alone when `only` names some. */
  readonly parts?: readonly BenchPart[];
  /** The networks to time; by default all for their passes, and two for attacks. */
  readonly only?: readonly BenchNetworkId[];
  /** The attacks to time; all by default. */
  readonly attacks?: readonly string[];
  /** The corruptions to time; all by default. */
  readonly corruptions?: readonly string[];
  /** Models to compare engines on, beside a network of the bench: paths and zoo ids. */
  readonly models?: readonly string[];
  readonly onProgress?: (fraction: number, label: string) => void;
}

/** Enough for every contender to meet a quiet moment of the machine, in about a minute. */
const ROUNDS = 4;
/** Milliseconds of a slice. */
const SLICE = 300;
/** Networks that attacks are timed on by default: one where the engine has much to do, and one where it has little. */
const ATTACKED: readonly BenchNetworkId[] = ['cnn', 'mlp'];
/** The network that engines are compared on by default. */
const COMPARED: readonly BenchNetworkId[] = ['cnn'];

/**
 * Measures on this machine, each network in a process of its own.
 * @throws GauntletError USAGE when there is no torch where the options name an interpreter for it, UNKNOWN_ATTACK,
 *   UNKNOWN_CORRUPTION
 */
export async function runBench(options: BenchOptions = {}): Promise<BenchReport> {
  const { only, attacks, corruptions, models = [], onProgress, signal, ...given } = options;
  const { parts = only === undefined ? BENCH_PARTS : ['networks'], ...pace } = given;
  const plain = { threads: availableParallelism(), rounds: ROUNDS, slice: SLICE, ...pace };
  const { threads, batchSize, slice } = plain;
  const images = batchSize === undefined ? {} : { batchSize };
  const forAttacks = { threads, ...images, ...(attacks && { attacks }) };
  const forCorruptions = { slice, ...images, ...(corruptions && { corruptions }) };
  const { rounds } = plain;
  const forEngines = { threads, rounds, slice, ...images, models: [...(only ?? COMPARED), ...models] };
  const work: Readonly<Record<BenchPart, readonly Measurement[]>> = {
    networks: (only ?? benchNetworkIds).map((id) => ({ kind: 'network', id, options: plain })),
    sessions: [{ kind: 'sessions', options: plain }],
    training: [{ kind: 'training', options: plain }],
    attacks: (only ?? ATTACKED).map((id) => ({ kind: 'attacks', id, options: forAttacks })),
    corruptions: [{ kind: 'corruptions', options: forCorruptions }],
    engines: [{ kind: 'engines', options: forEngines }],
  };
  const measurements = BENCH_PARTS.filter((part) => parts.includes(part)).flatMap((part) => work[part]);

  const networks: NetworkReport[] = [];
  const attackReports: AttackReport[] = [];
  const corruptionReports: CorruptionReport[] = [];
  const engineReports: EngineReport[] = [];
  let sessions: SessionsReport | undefined;
  let training: TrainingReport[] | undefined;
  for (const [done, measurement] of measurements.entries()) {
    const what = 'id' in measurement ? measurement.id : measurement.kind;
    const watch = {
      ...(signal && { signal }),
      onSlice: (name: string) => onProgress?.(done / measurements.length, `${what}: ${name}`),
    };
    if (measurement.kind === 'network') networks.push(await measureApart(measurement, watch));
    else if (measurement.kind === 'attacks') attackReports.push(...(await measureApart(measurement, watch)));
    else if (measurement.kind === 'corruptions')
      corruptionReports.push(...(await measureApart(measurement, watch)));
    else if (measurement.kind === 'engines') engineReports.push(...(await measureApart(measurement, watch)));
    else if (measurement.kind === 'training') training = await measureApart(measurement, watch);
    else sessions = await measureApart(measurement, watch);
  }
  const engine = await createOnnxRuntimeEngine();
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
    ...(attackReports.length > 0 && { attacks: attackReports }),
    ...(corruptionReports.length > 0 && { corruptions: corruptionReports }),
    ...(engineReports.length > 0 && { engines: engineReports }),
    ...(training && { training }),
    ...(sessions && { sessions }),
  };
  return validateResult('bench', report, 'bench report');
}
