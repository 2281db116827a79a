import { clamp } from '../tensor/clamp.js';

/** Seconds between two plain lines when stderr is not a terminal. */
const PLAIN_INTERVAL = 5;
/** Seconds between two redraws of the bar. */
const BAR_INTERVAL = 0.1;
const BAR_WIDTH = 24;

/** Shows how far a long command has come. */
export interface Progress {
  /** `fraction` of the whole work is done (0..1); `label` says what is being worked on. */
  update(fraction: number, label: string): void;
  /** Prints a line that stays, above the bar. */
  note(line: string): void;
  /** Removes the bar. */
  close(): void;
}

/** `75` -> `1 min 15 s`; below a minute whole seconds, above an hour no seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** What remains if the rest goes at the pace so far; null as long as nothing is done. */
export function remainingSeconds(fraction: number, elapsed: number): number | null {
  return fraction > 0 ? (elapsed * (1 - fraction)) / fraction : null;
}

/** One line of progress: share, what is being done, and the time left. */
export function progressLine(fraction: number, elapsed: number, label: string): string {
  const left = remainingSeconds(fraction, elapsed);
  const eta = left === null ? '' : `, ${formatDuration(left)} left`;
  return `${Math.floor(fraction * 100)
    .toString()
    .padStart(3)} %${eta}  ${label}`;
}

/** A bar of at most `columns` characters. */
export function progressBar(fraction: number, elapsed: number, label: string, columns: number): string {
  const filled = Math.round(clamp(fraction, 0, 1) * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `${bar} ${progressLine(fraction, elapsed, label)}`.slice(0, columns);
}

interface ProgressTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * A bar with the time left on a terminal, a plain line every few seconds elsewhere.
 * @param now seconds on any monotonic clock
 */
export function createProgress(
  stream: ProgressTarget = process.stderr,
  now: () => number = () => performance.now() / 1000,
): Progress {
  const started = now();
  const bar = stream.isTTY === true;
  let drawn = false;
  let last = bar ? -Infinity : started;

  const erase = () => {
    if (drawn) stream.write('\r\x1b[2K');
    drawn = false;
  };
  return {
    update(fraction, label) {
      const time = now();
      if (time - last < (bar ? BAR_INTERVAL : PLAIN_INTERVAL)) return;
      last = time;
      if (bar) {
        stream.write(`\r\x1b[2K${progressBar(fraction, time - started, label, (stream.columns ?? 80) - 1)}`);
        drawn = true;
      } else {
        stream.write(`${progressLine(fraction, time - started, label)}\n`);
      }
    },
    note(line) {
      erase();
      stream.write(`${line}\n`);
    },
    close: erase,
  };
}
