import { mkdtempSync, rmdirSync } from 'node:fs';
import { availableParallelism, cpus, freemem, platform, arch } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.js';
import { messageOf } from '../errors.js';

/** What a check found; `warning` does not stop Gauntlet from working. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

/** One thing worth knowing about the machine. */
interface Check {
  readonly id: string;
  readonly label: string;
  readonly run: (context: DoctorContext) => Promise<Finding> | Finding;
}

export interface DoctorContext {
  readonly cwd: string;
  readonly dataDir?: string;
}

/** The outcome of a check. */
export type CheckResult = Finding & Pick<Check, 'id' | 'label'>;

const MINIMUM_NODE = [20, 19] as const;
const LOW_MEMORY_GIB = 1;

const loadEngine = async (): Promise<Engine> =>
  (await import('../engine/onnxruntime/engine.js')).createOnnxRuntimeEngine();

const ok = (detail: string): Finding => ({ status: 'ok', detail });

export const doctorChecks: readonly Check[] = [
  {
    id: 'node',
    label: 'Node.js',
    run: () => {
      const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
      const recent = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
      const detail = `${process.versions.node} on ${platform()}-${arch()}`;
      return recent
        ? ok(detail)
        : { status: 'failed', detail: `${detail}; ${MINIMUM_NODE.join('.')} is needed` };
    },
  },
  {
    id: 'engine',
    label: 'ONNX Runtime',
    run: async () => {
      const [engine, { PRODUCT_CHECK }] = await Promise.all([loadEngine(), import('./doctor-product.js')]);
      const session = await engine.compile(PRODUCT_CHECK.graph);
      const [product] = Object.values(await session.run(PRODUCT_CHECK.feeds));
      await session.release();
      const found = [...((product?.data ?? []) as Float32Array)].join(', ');
      const expected = PRODUCT_CHECK.expected.join(', ');
      return found === expected
        ? ok(`${engine.version}, multiplies matrices`)
        : { status: 'failed', detail: `${engine.version} gives ${found} for a product that is ${expected}` };
    },
  },
  {
    id: 'tfjs',
    label: 'TensorFlow.js',
    run: async () => {
      const { probeBackends } = await import('../engine/tfjs/backends.js');
      const states = await probeBackends();
      const usable = states.filter((state) => state.usable);
      const lines = states.map(({ name, version, problem }) =>
        problem === undefined ? `${name} ${version ?? ''}` : `not ${name}: ${problem}`,
      );
      return { status: usable.length > 0 ? 'ok' : 'warning', detail: lines.join('; ') };
    },
  },
  {
    id: 'processor',
    label: 'Processor',
    run: () =>
      ok(`${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} worker threads by default`),
  },
  {
    id: 'memory',
    label: 'Free memory',
    run: () => {
      const gib = freemem() / 2 ** 30;
      return { status: gib < LOW_MEMORY_GIB ? 'warning' : 'ok', detail: `${gib.toFixed(1)} GiB` };
    },
  },
  {
    id: 'data',
    label: 'Data sets',
    run: async ({ dataDir }) => {
      const { listDatasets } = await import('../data/registry.js');
      const found = listDatasets(dataDir).filter((dataset) => dataset.available);
      const detail = found.map(({ id, where }) => `${id} (${where ?? ''})`).join(', ');
      return found.length > 0 ? ok(detail) : { status: 'warning', detail: 'none; see `gauntlet list data`' };
    },
  },
  {
    id: 'jpeg',
    label: 'JPEG pictures',
    run: async () => {
      const found = await import('sharp').catch(() => undefined);
      return found === undefined
        ? { status: 'warning', detail: 'not without the optional package sharp: `npm i sharp`' }
        : ok(`sharp ${found.default.versions.sharp}`);
    },
  },
  {
    id: 'zoo',
    label: 'Zoo',
    run: async () => {
      const { listZoo } = await import('../models/reference.js');
      const models = await listZoo();
      return models.length > 0
        ? ok(models.map((model) => model.id).join(', '))
        : { status: 'warning', detail: 'no models' };
    },
  },
  {
    id: 'writing',
    label: 'Writing here',
    run: ({ cwd }) => {
      try {
        rmdirSync(mkdtempSync(join(cwd, '.gauntlet-doctor-')));
        return ok(cwd);
      } catch (error) {
        return { status: 'warning', detail: `not possible, give --out: ${messageOf(error)}` };
      }
    },
  },
  {
    id: 'gradients',
    label: 'Gradients',
    run: async () => {
      const { measureGradients } = await import('../bench/gradients.js');
      const perSecond = await measureGradients(await loadEngine());
      return ok(`${Math.round(perSecond).toLocaleString('en-US')} images/s through the MLP on one thread`);
    },
  },
];

/** Runs every check; one that throws has failed, the others go on. */
export async function runDoctor(
  context: DoctorContext,
  checks: readonly Check[] = doctorChecks,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { id, label, run } of checks) {
    try {
      results.push({ id, label, ...(await run(context)) });
    } catch (error) {
      results.push({ id, label, status: 'failed', detail: messageOf(error) });
    }
  }
  return results;
}
