import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve('dist/src/cli/main.js');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Commands that spread work over worker threads unless told otherwise. */
const SPREADS = ['attack', 'corrupt', 'run'];

/**
 * The work of most tests is done before workers have started: it runs in the tool's own thread unless the test names workers
 * (`--jobs`, `--executor pool`).
 */
function inlineUnlessSaid(args: readonly string[]): readonly string[] {
  const says = args.some((arg) => /^--(jobs|executor|help)\b/.test(arg));
  return SPREADS.includes(args[0] ?? '') && !says ? [...args, '--executor', 'inline'] : args;
}

/** Starts the built command-line tool. */
export function startCli(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...inlineUnlessSaid(args)], {
    cwd: options.cwd ?? resolve('.'),
    env: { ...process.env, NO_COLOR: '1', GAUNTLET_DATA: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for a started tool and collects what it printed. */
export function finished(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ status, stdout, stderr }));
  });
}

/** Runs the built command-line tool to its end. */
export function cli(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  return finished(startCli(args, options));
}

/** A folder of its own for a test; `remove` deletes it. */
export function scratchFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'gauntlet-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
