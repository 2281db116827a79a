import { GauntletError, messageOf } from '../../errors.js';
import type { BACKENDS, BackendName } from '../choice.js';
import { fillGaps } from './gaps.js';
import { tf } from './tf.js';

/** A backend that is ready. */
export interface ReadyBackend {
  readonly name: BackendName;
  /** Version of the package its kernels come from. */
  readonly version: string;
  /** Kernels that it lacks and that plain JavaScript computed in its place, so far. */
  readonly borrowed: ReadonlySet<string>;
}

/** How a backend of TensorFlow.js is had. */
interface BackendKind {
  readonly name: BackendName;
  readonly summary: string;
  /** Packages that bring it, in order of preference; none for the one that is always there. */
  readonly packages: readonly string[];
  /** Imports it where it is a dependency of Gauntlet itself; the others need not be there. */
  readonly bring?: () => Promise<unknown>;
  /** What else is missing for it on this machine, as a sentence. */
  readonly lacks?: () => string | undefined;
  /** Prepares TensorFlow.js before the backend starts. */
  readonly prepare?: () => void;
}

const backends: readonly BackendKind[] = [
  {
    name: 'tensorflow',
    summary: 'the native TensorFlow library, on a GPU where @tensorflow/tfjs-node-gpu is installed',
    packages: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
  },
  {
    name: 'webgpu',
    summary: 'a GPU by WebGPU, where Node.js has it',
    packages: ['@tensorflow/tfjs-backend-webgpu'],
    lacks: () =>
      (globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu === undefined
        ? 'This Node.js has no WebGPU (navigator.gpu).'
        : undefined,
  },
  {
    name: 'wasm',
    summary: 'WebAssembly, in one thread',
    packages: ['@tensorflow/tfjs-backend-wasm'],
    bring: () => import('@tensorflow/tfjs-backend-wasm'),
    // Workers of ours are the threads; those of the backend would keep the process alive and depend on the machine.
    prepare: () => tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false),
  },
  { name: 'cpu', summary: 'plain JavaScript, slow', packages: [] },
];

/** What `auto` tries, best first. */
const AUTOMATIC = ['tensorflow', 'wasm'] as const;

const ready = new Map<BackendName, Promise<ReadyBackend>>();

/**
 * Makes a backend ready: the one of that name, or the best that is installed.
 * @throws GauntletError BACKEND_MISSING with the command that installs it.
 */
export async function openBackend(choice: (typeof BACKENDS)[number]): Promise<ReadyBackend> {
  if (choice !== 'auto') return started(choice);
  for (const name of AUTOMATIC) {
    try {
      return await started(name);
    } catch {
      // The next one, then; asked for by its name, it says what it lacks.
    }
  }
  return started('cpu');
}

function started(name: BackendName): Promise<ReadyBackend> {
  const known = ready.get(name);
  if (known !== undefined) return known;
  const starting = start(name);
  ready.set(name, starting);
  return starting;
}

async function start(name: BackendName): Promise<ReadyBackend> {
  const kind = backends.find((each) => each.name === name)!;
  const lacking = kind.lacks?.();
  if (lacking !== undefined)
    throw new GauntletError(
      'BACKEND_MISSING',
      `The backend ${name} of TensorFlow.js cannot be used: ${lacking}`,
    );
  const version = await load(kind);
  kind.prepare?.();
  const running = await tf.setBackend(name).catch((error: unknown) => {
    throw missing(kind, messageOf(error), error);
  });
  if (!running) throw missing(kind, 'It does not start on this machine.');
  const borrowed = new Set<string>();
  if (name === 'wasm' || name === 'webgpu') fillGaps(name, (kernel) => borrowed.add(kernel));
  return { name, version, borrowed };
}

/** Imports the first of its packages that is installed; returns the version of what computes. */
async function load(kind: BackendKind): Promise<string> {
  const failures: unknown[] = [];
  for (const name of kind.packages) {
    try {
      const { version } = (await (kind.bring?.() ?? import(name))) as { readonly version?: unknown };
      const own = name.slice(name.indexOf('/') + 1);
      return kind.name === 'tensorflow' ? `${versionIn(version)} (${own})` : tf.version_core;
    } catch (error) {
      failures.push(error);
    }
  }
  if (kind.packages.length === 0) return tf.version_core;
  throw missing(kind, messageOf(failures[0]), failures[0]);
}

/** The native packages export the versions of all of their parts. */
const versionIn = (version: unknown): string => {
  const parts = version as Record<string, unknown> | undefined;
  const own = parts?.['tfjs-node'] ?? parts?.['tfjs-core'];
  return typeof own === 'string' ? own : tf.version_core;
};

function missing({ name, packages }: BackendKind, why: string, cause?: unknown): GauntletError {
  const [first, second] = packages;
  const either = second === undefined ? '' : ` or, without a GPU, \`npm i ${second}@${tf.version_core}\``;
  return new GauntletError(
    'BACKEND_MISSING',
    `The backend ${name} of TensorFlow.js cannot be used: ${why.split('\n')[0] ?? ''}`,
    {
      ...(cause === undefined ? {} : { cause }),
      ...(first === undefined ? {} : { help: `Run \`npm i ${first}@${tf.version_core}\`${either}.` }),
    },
  );
}

/** Whether a backend can be used here, and what would be done about it. */
export interface BackendState {
  readonly name: BackendName;
  readonly summary: string;
  readonly usable: boolean;
  readonly version?: string;
  /** What it lacks, and the command that installs it. */
  readonly problem?: string;
}

/** Tries every backend. */
export async function probeBackends(): Promise<BackendState[]> {
  const states: BackendState[] = [];
  for (const { name, summary } of backends) {
    try {
      const { version } = await started(name);
      states.push({ name, summary, usable: true, version });
    } catch (error) {
      const help = error instanceof GauntletError ? error.help : '';
      states.push({ name, summary, usable: false, problem: `${messageOf(error)} ${help}`.trim() });
    }
  }
  return states;
}
