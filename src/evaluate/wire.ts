import { GauntletError, messageOf, type ErrorKey } from '../errors.js';
import type { JobResult } from './job.js';

/** What a worker answers; errors travel as data because a structured clone drops their class and fields. */
export type WorkerAnswer =
  | { readonly ok: true; readonly result: JobResult }
  | { readonly ok: false; readonly error: { key: ErrorKey | null; message: string; stack?: string } };

export function describeError(error: unknown): Extract<WorkerAnswer, { ok: false }> {
  return {
    ok: false,
    error: {
      key: error instanceof GauntletError ? error.key : null,
      message: messageOf(error),
      ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
    },
  };
}

export function revive(answer: WorkerAnswer): JobResult {
  if (answer.ok) return answer.result;
  const { key, message, stack } = answer.error;
  throw new GauntletError(key ?? 'INTERNAL', message, { cause: stack });
}
