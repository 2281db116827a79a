import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GauntletError, type ErrorKey } from '../errors.js';
import type {
  AttackReport,
  CorruptionReport,
  EngineReport,
  NetworkReport,
  SessionsReport,
  TrainingReport,
} from '../results/schema/bench.js';
import type { AttackOptions } from './attacks.js';
import type { CorruptionOptions } from './corruptions.js';
import type { EnginesOptions } from './engines.js';
import type { NetworkOptions } from './network.js';
import type { BenchNetworkId } from './networks/index.js';
import type { TrainingOptions } from './training.js';

/** What a process can be asked to time. */
export type Measurement =
  | { readonly kind: 'network'; readonly id: BenchNetworkId; readonly options: PlainOptions }
  | { readonly kind: 'attacks'; readonly id: BenchNetworkId; readonly options: PlainAttackOptions }
  | { readonly kind: 'corruptions'; readonly options: PlainCorruptionOptions }
  | { readonly kind: 'engines'; readonly options: PlainEnginesOptions }
  | { readonly kind: 'training'; readonly options: PlainTrainingOptions }
  | { readonly kind: 'sessions'; readonly options: PlainOptions };

/** Options as they travel to another process. */
export type PlainOptions = Omit<NetworkOptions, 'signal' | 'onSlice'>;

/** Those of attacks. */
export type PlainAttackOptions = Omit<AttackOptions, 'signal' | 'onSlice'>;

/** Those of corruptions. */
export type PlainCorruptionOptions = Omit<CorruptionOptions, 'signal' | 'onSlice'>;

/** Those of engines. */
export type PlainEnginesOptions = Omit<EnginesOptions, 'signal' | 'onSlice'>;
/** Those of training. */
export type PlainTrainingOptions = Omit<TrainingOptions, 'signal' | 'onSlice'>;

/** What each kind of measurement comes to. */
export interface MeasurementResult {
  readonly network: NetworkReport;
  readonly attacks: AttackReport[];
  readonly corruptions: CorruptionReport[];
  readonly engines: EngineReport[];
  readonly training: TrainingReport[];
  readonly sessions: SessionsReport;
}

/** What the process says. */
export type Message =
  | { readonly kind: 'slice'; readonly name: string }
  | { readonly kind: 'done'; readonly result: MeasurementResult[Measurement['kind']] }
  | { readonly kind: 'failed'; readonly key: ErrorKey | null; readonly message: string };

/**
 * Times something in a process of its own: its memory is then the measurement's, and no earlier measurement is in the way.
 * @throws GauntletError of the measurement, or INTERNAL when the process ends without a word
 */
export function measureApart<M extends Measurement>(
  measurement: M,
  { signal, onSlice }: Pick<NetworkOptions, 'signal' | 'onSlice'>,
): Promise<MeasurementResult[M['kind']]> {
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(new URL('child.js', import.meta.url)), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  return new Promise<MeasurementResult[M['kind']]>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.kind === 'slice') onSlice?.(message.name);
      else if (message.kind === 'done') resolve(message.result as MeasurementResult[M['kind']]);
      else reject(new GauntletError(message.key ?? 'INTERNAL', message.message));
    });
    child.once('error', reject);
    child.once('exit', (code, killed) => {
      const ending = killed === null ? `exit code ${code ?? 'unknown'}` : killed;
      const silent = new GauntletError(
        'INTERNAL',
        `The process that times ${measurement.kind} ended: ${ending}.`,
      );
      reject(signal?.aborted === true ? (signal.reason as Error) : silent);
    });
    child.send(measurement);
  }).finally(() => signal?.removeEventListener('abort', stop));
}
