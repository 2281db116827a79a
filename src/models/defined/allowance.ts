import { setTimeout as sleep } from 'node:timers/promises';
import { GauntletError } from '../../errors.js';

/** What of a model has been used, in one run: every view of the model shares it. */
export class Allowance {
  private used = 0;

  /**
   * @param id of the model, for the message
   * @param budget examples that may be asked about
   */
  constructor(
    private readonly id: string,
    private readonly budget = Infinity,
  ) {}

  /**
   * Books the examples of a call before it is made. A call that the rest does not cover is not made at all: part of an answer
   * would be of no use. Repeating a call that failed costs nothing.
   * @throws GauntletError QUERY_BUDGET
   */
  spend(examples: number): void {
    if (this.used + examples > this.budget) {
      throw new GauntletError(
        'QUERY_BUDGET',
        `${this.id} may be asked about ${this.budget} examples in a run; ${this.used} were, and ${examples} more were to be.`,
      );
    }
    this.used += examples;
  }
}

/** Spaces calls out evenly, so that no second holds more than `rate` of them. */
export class Pacer {
  /** When the next call may start, in milliseconds of performance.now(). */
  private next = 0;
  /** Until when no call may start. */
  private held = 0;

  /** @param rate calls per second */
  constructor(private readonly rate = Infinity) {}

  /** Waits for the next free place. @throws the signal's reason when aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = performance.now();
    const start = Math.max(now, this.next);
    this.next = start + 1000 / this.rate;
    await pauseFor(start - now, signal);
    while (performance.now() < this.held) await pauseFor(this.held - performance.now(), signal);
  }

  /** Lets no call start before so many milliseconds have passed. */
  hold(milliseconds: number): void {
    this.held = Math.max(this.held, performance.now() + milliseconds);
  }
}

/** Waits so many milliseconds. @throws the signal's reason when aborted. */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
