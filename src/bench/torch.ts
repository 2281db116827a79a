import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GauntletError, messageOf } from '../errors.js';
import { packageRoot } from '../resources.js';
import type { Times } from '../results/schema/bench.js';
import type { BenchNetworkId } from './networks/index.js';
import type { Contender } from './turns.js';

/** A network of the bench in PyTorch, in a process of its own that times it when told to. */
export interface TorchNetwork {
  readonly version: string;
  /** Weights, to see that it is the same network. */
  readonly parameters: number;
  readonly forward: Contender;
  readonly gradient: Contender;
  close(): void;
}

interface TorchOptions {
  readonly id: BenchNetworkId;
  readonly batchSize: number;
  readonly threads: number;
}

/** Not in the package: it takes a clone to compare with PyTorch. */
const SCRIPT = join(packageRoot, 'scripts', 'bench-pytorch.py');

/** Threads that wait for work must sleep, or they would slow down whoever has its turn. */
const QUIET = { OMP_WAIT_POLICY: 'PASSIVE', KMP_BLOCKTIME: '0', GOMP_SPINCOUNT: '0' };

/**
 * Starts PyTorch and builds the network there. It answers one line of JSON on stdout for a line on stdin.
 * @param python a Python interpreter that has torch
 * @throws GauntletError USAGE when it has not, or is none
 */
export async function openTorch(
  python: string,
  { id, batchSize, threads }: TorchOptions,
): Promise<TorchNetwork> {
  const child = spawn(python, [SCRIPT, id, String(batchSize), String(threads)], {
    env: { ...process.env, ...QUIET, OMP_NUM_THREADS: String(threads) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.once('error', (error) => (complaint += messageOf(error)));
  child.stdin.on('error', () => undefined);
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const next = await answers.next();
    if (next.done !== true) return JSON.parse(next.value) as T;
    const reason = complaint.trim().split('\n').at(-1) ?? '';
    throw new GauntletError('USAGE', `${python} could not time ${id} with torch: ${reason || 'it ended'}`, {
      help: 'Give --pytorch a Python interpreter that can import torch, in a clone of the repository.',
    });
  };
  const timed = (pass: 'forward' | 'gradient'): Contender => ({
    name: `torch ${pass}`,
    async slice(milliseconds) {
      child.stdin.write(`${JSON.stringify({ pass, milliseconds })}\n`);
      return answer<Times>();
    },
  });
  const { version, parameters } = await answer<Pick<TorchNetwork, 'version' | 'parameters'>>();
  return {
    ...{ version, parameters, forward: timed('forward'), gradient: timed('gradient') },
    close: () => child.kill(),
  };
}
