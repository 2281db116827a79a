import { corruptSuite } from '../api/corrupt-suite.js';
import type { ArchivePlan } from '../archive/plan.js';
import { GauntletError } from '../errors.js';
import { executionOf, type ExecutionArguments } from './execution.js';
import { interruptible } from './interrupt.js';
import { printResult } from './output.js';
import { renderArchive } from './render/archive.js';
import { configOf, dataDirOf, frostTexturesOf, pluginsOf, type SourceArguments } from './sources.js';

type Arguments = SourceArguments &
  Pick<ExecutionArguments, 'jobs' | 'executor'> & {
    readonly suite: string;
    readonly out: string;
    readonly data?: string | undefined;
    readonly corruptions?: readonly string[] | undefined;
    readonly severities?: readonly number[] | undefined;
    readonly examples?: number | undefined;
    readonly seed?: number | undefined;
    readonly 'frost-textures'?: string | undefined;
    readonly resume: boolean;
    readonly json: boolean;
  };

/**
 * `gauntlet corrupt`: writes an archive of corrupted images and prints what is in it.
 * @throws GauntletError RUN_INCOMPLETE after everything is written, when a corruption broke
 */
export async function runCorruptCommand(args: Arguments): Promise<void> {
  const config = await configOf(args);
  const dataDir = await dataDirOf(args, config);
  const frostTextures = frostTexturesOf(args, config);
  const { suite, out, data, corruptions, severities, examples, seed, resume } = args;
  const { folder, manifest, failures } = await interruptible(({ signal, progress }) =>
    corruptSuite(
      {
        ...{ suite, out, resume },
        ...(data === undefined ? {} : { data }),
        ...(corruptions === undefined ? {} : { corruptions }),
        ...(severities === undefined ? {} : { severities }),
        ...(examples === undefined ? {} : { examples }),
        ...(seed === undefined ? {} : { seed }),
      },
      {
        ...executionOf(args, config),
        plugins: pluginsOf(args, config),
        signal,
        ...(dataDir === undefined ? {} : { dataDir }),
        ...(frostTextures === undefined ? {} : { frostTextures }),
        onPlan: (plan, kept) => progress.note(planLine(plan, kept, out)),
        onProgress: (fraction, label) => progress.update(fraction, label),
        onDamaged: ({ file, reason }) => progress.note(`${file} is made again: ${reason}`),
      },
    ),
  );
  printResult(args.json, manifest, () => `${renderArchive(manifest)}\narchive: ${folder}`);
  if (failures.length === 0) return;
  const named = failures.map(({ corruption, reason }) => `${corruption}: ${reason}`);
  throw new GauntletError(
    'RUN_INCOMPLETE',
    `${failures.length} of the corruptions could not be made:\n  ${named.join('\n  ')}`,
    { help: 'Correct what is wrong with them and run again: finished files are kept.' },
  );
}

/** What is about to be written. */
function planLine({ manifest, images }: ArchivePlan, kept: ReadonlySet<string>, out: string): string {
  const { suite, data, severities } = manifest;
  const bytes = images.reduce((sum, { record }) => sum + record.shape.reduce((a, b) => a * b, 1), 0);
  const done = images.filter(({ record }) => kept.has(record.path)).length;
  const before = done === 0 ? '' : `, ${done} of them finished before`;
  const levels = severities.length === 1 ? 'severity' : 'severities';
  return (
    `${suite.id}: ${images.length} corruptions at ${levels} ${severities.join(', ')}${before}, ` +
    `${data.n} images of ${data.source} (${data.split}), ${(bytes / 1e6).toFixed(1)} MB; into ${out}`
  );
}
