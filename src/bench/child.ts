import { GauntletError, messageOf } from '../errors.js';
import { measureAttacks } from './attacks.js';
import { measureCorruptions } from './corruptions.js';
import { measureEngines } from './engines.js';
import { measureNetwork } from './network.js';
import type { Measurement, MeasurementResult, Message } from './process.js';
import { measureSessions } from './sessions.js';
import { measureTraining } from './training.js';

/** Entry point of a process that times one thing and ends. */

const say = (message: Message): void => {
  process.send?.(message);
};

process.once('message', (measurement: Measurement) => {
  void answer(measurement).then((message) => {
    say(message);
    process.disconnect();
  });
});

async function answer(measurement: Measurement): Promise<Message> {
  // Whoever asked may be gone: then nothing is worth timing any longer.
  const controller = new AbortController();
  process.once('disconnect', () => controller.abort());
  try {
    return { kind: 'done', result: await measure(measurement, controller.signal) };
  } catch (error) {
    const key = error instanceof GauntletError ? error.key : null;
    return { kind: 'failed', key, message: messageOf(error) };
  }
}

async function measure(
  measurement: Measurement,
  signal: AbortSignal,
): Promise<MeasurementResult[Measurement['kind']]> {
  const watch = { signal, onSlice: (name: string) => say({ kind: 'slice', name }) };
  if (measurement.kind === 'sessions') return measureSessions({ ...measurement.options, ...watch });
  if (measurement.kind === 'training') return measureTraining({ ...measurement.options, ...watch });
  if (measurement.kind === 'corruptions') return measureCorruptions({ ...measurement.options, ...watch });
  if (measurement.kind === 'engines') return measureEngines({ ...measurement.options, ...watch });
  if (measurement.kind === 'attacks')
    return measureAttacks(measurement.id, { ...measurement.options, ...watch });
  const report = await measureNetwork(measurement.id, { ...measurement.options, ...watch });
  return { ...report, peakMemory: process.resourceUsage().maxRSS * 1024 };
}
