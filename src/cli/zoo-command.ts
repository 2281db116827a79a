import type { Config } from '../config/load.js';
import type { Provider } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import { verifyZoo, type VerifiedModel } from '../train/verify.js';
import { trainZoo, type ZooTraining } from '../train/zoo.js';
import { interruptible } from './interrupt.js';
import { printResult } from './output.js';
import { epochLine } from './render/epoch.js';
import { renderTrainings, renderVerified } from './render/zoo.js';
import { architecturesFrom, configOf, dataDirOf, type SourceArguments } from './sources.js';

/** Arguments of `gauntlet zoo` as yargs gives them. */
export interface ZooArguments extends SourceArguments {
  readonly action: 'train' | 'verify';
  readonly only?: string | undefined;
  readonly zoo?: string | undefined;
  readonly out?: string | undefined;
  readonly work?: string | undefined;
  readonly minutes?: number | undefined;
  readonly provider?: Provider | undefined;
  readonly 'allow-missing': boolean;
  readonly threads?: number | undefined;
  readonly json: boolean;
}

const ACTIONS: Readonly<Record<ZooArguments['action'], (args: ZooArguments) => Promise<void>>> = {
  async train(args) {
    const config = await configOf(args);
    const common = await commonOptions(args, config);
    const { out, work, minutes, provider } = args;
    if (minutes !== undefined && !(minutes > 0))
      throw new GauntletError('USAGE', `--minutes must be positive, received ${minutes}.`);
    const architectures = await architecturesFrom(args, config);
    const models = await interruptible(({ signal, progress }) => {
      let model = '';
      return trainZoo({
        ...{ ...common, architectures, signal },
        ...(out !== undefined && { out }),
        ...(work !== undefined && { work }),
        ...(minutes !== undefined && { minutes }),
        ...(provider !== undefined && { provider }),
        onModel: (id) => (model = id),
        onStep: ({ epoch, fraction, loss }) =>
          progress.update(fraction, `${model}  epoch ${epoch}  loss ${loss.toFixed(4)}`),
        onEpoch: (metrics, { epochs, seconds }) =>
          progress.note(`${model}  ${epochLine(metrics, epochs, seconds)}`),
      });
    });
    printResult(args.json, { schemaVersion: 1, kind: 'zoo-training', models }, () => renderTrainings(models));
    requireDone(models, args['allow-missing']);
  },

  async verify(args) {
    const common = await commonOptions(args);
    const models = await interruptible(({ signal, progress }) =>
      verifyZoo({
        ...{ ...common, signal },
        onModel: (id, done, all) => progress.update(done / all, id),
      }),
    );
    const result = { schemaVersion: 1, kind: 'zoo-verification', models };
    printResult(args.json, result, () => renderVerified(models));
    requireSame(models, args['allow-missing']);
  },
};

async function commonOptions({ only, zoo, threads, ...args }: ZooArguments, known?: Config) {
  const dataDir = await dataDirOf(args, known);
  return {
    ...(dataDir !== undefined && { dataDir }),
    ...(only !== undefined && { only }),
    ...(zoo !== undefined && { zoo }),
    ...(threads !== undefined && { threads }),
  };
}

/** A training that waits for the next call is no failure. */
function requireDone(models: readonly ZooTraining[], allowMissing: boolean): void {
  const undone = models.filter(
    ({ status }) => status === 'failed' || (status === 'unavailable' && !allowMissing),
  );
  if (undone.length > 0)
    throw new GauntletError('ZOO_INCOMPLETE', `Not trained: ${undone.map(({ id }) => id).join(', ')}.`);
}

function requireSame(models: readonly VerifiedModel[], allowMissing: boolean): void {
  const ids = (wanted: VerifiedModel['status']) =>
    models.filter(({ status }) => status === wanted).map(({ id }) => id);
  const [different, missing] = [ids('differs'), ids('unavailable')];
  if (different.length > 0)
    throw new GauntletError('ZOO_DIFFERS', `Not what their cards say: ${different.join(', ')}.`);
  if (missing.length > 0 && !allowMissing)
    throw new GauntletError('ZOO_INCOMPLETE', `Not measured on all data: ${missing.join(', ')}.`);
}

/** Does what `gauntlet zoo` was asked for. */
export const runZooCommand = (args: ZooArguments): Promise<void> => ACTIONS[args.action](args);
