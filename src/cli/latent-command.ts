import { measureLatent } from '../api/measure-latent.js';
import type { Split } from '../data/dataset.js';
import { interruptible } from './interrupt.js';
import { printResult } from './output.js';
import { renderLatent } from './render/latent.js';
import { dataDirOf, type SourceArguments } from './sources.js';

interface Arguments extends Pick<SourceArguments, 'data-dir' | 'config'> {
  readonly model: string;
  readonly data?: string | undefined;
  readonly split: string;
  readonly examples?: number | undefined;
  /** False after `--no-train-data`. */
  readonly 'train-data'?: string | false | undefined;
  readonly 'train-examples'?: number | undefined;
  readonly deepfool?: number | undefined;
  readonly transfer?: string | undefined;
  readonly histograms: boolean;
  readonly seed?: number | undefined;
  readonly card?: string | undefined;
  readonly output?: string | undefined;
  readonly json: boolean;
}

/** `gauntlet latent`: measures a latent space and prints what it found. */
export async function runLatentCommand(args: Arguments): Promise<void> {
  const dataDir = await dataDirOf(args);
  const { model, split, data, examples, deepfool, transfer, seed, card, output } = args;
  const { 'train-data': trainData, 'train-examples': trainExamples } = args;
  const report = await interruptible(({ signal, progress }) =>
    measureLatent(
      {
        ...{ model, split: split as Split },
        ...(data === undefined ? {} : { data }),
        ...(examples === undefined ? {} : { examples }),
        ...(trainData === undefined ? {} : { trainData: trainData === false ? null : trainData }),
        ...(trainExamples === undefined ? {} : { trainExamples }),
        ...(deepfool === undefined ? {} : { deepfool }),
        ...(transfer === undefined ? {} : { transfer }),
        ...(seed === undefined ? {} : { seed }),
        ...(card === undefined ? {} : { card }),
        ...(output === undefined ? {} : { output }),
      },
      {
        signal,
        ...(dataDir === undefined ? {} : { dataDir }),
        onProgress: (share, part) => progress.update(share, part),
      },
    ),
  );
  printResult(args.json, report, () => renderLatent(report, args));
}
