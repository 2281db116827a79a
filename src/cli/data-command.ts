import { GauntletError } from '../errors.js';
import { listData } from '../pull/inventory.js';
import { pullSets } from '../pull/pull.js';
import { verifySet } from '../pull/verify.js';
import { interruptible } from './interrupt.js';
import { printResult } from './output.js';
import { renderInventory, renderPulled, renderVerified } from './render/data.js';
import { configOf, dataDirOf } from './sources.js';

/** Arguments of `gauntlet data` as yargs gives them. */
export interface DataArguments {
  readonly action: 'list' | 'verify' | 'pull';
  readonly ids?: readonly string[] | undefined;
  readonly mirror?: string | undefined;
  readonly unverified: boolean;
  readonly 'keep-packed': boolean;
  readonly 'data-dir'?: string | undefined;
  /** False after `--no-config`. */
  readonly config?: string | false | undefined;
  readonly json: boolean;
}

const ACTIONS: Readonly<Record<DataArguments['action'], (args: DataArguments) => Promise<void>>> = {
  async list(args) {
    const sets = await listData(await dataDirOf(args));
    printResult(args.json, { schemaVersion: 1, kind: 'data', sets }, () => renderInventory(sets));
  },

  async verify(args) {
    const dataDir = await dataDirOf(args);
    const here = async () =>
      (await listData(dataDir)).filter(({ available }) => available).map(({ id }) => id);
    const ids = args.ids?.length ? args.ids : await here();
    const sets = await interruptible(async ({ signal, progress }) => {
      const verified = [];
      for (const [i, id] of ids.entries()) {
        const step = (path: string) => {
          signal.throwIfAborted();
          progress.update(i / ids.length, path);
        };
        verified.push(await verifySet(id, dataDir, step));
      }
      return verified;
    });
    const result = { schemaVersion: 1, kind: 'data-verification', sets };
    printResult(args.json, result, () => renderVerified(sets));
    const wrong = sets.flatMap(({ id, files }) =>
      files.filter(({ verdict }) => verdict === 'differs').map(({ file }) => `${file} of ${id}`),
    );
    if (wrong.length > 0) throw new GauntletError('DATA_DIFFERS', `Not genuine: ${wrong.join(', ')}.`);
  },

  async pull(args) {
    const { ids = [], unverified } = args;
    if (ids.length === 0)
      throw new GauntletError('USAGE', 'Say what to pull; `gauntlet data list` names it.');
    const config = await configOf(args);
    const dataDir = (await dataDirOf(args, config)) ?? process.env['GAUNTLET_DATA'] ?? '';
    if (dataDir === '') {
      throw new GauntletError('USAGE', 'Say where to put data sets.', {
        help: 'Give --data-dir DIR, set GAUNTLET_DATA, or set dataDir in the configuration.',
      });
    }
    const mirror = args.mirror ?? (process.env['GAUNTLET_MIRROR'] || config.mirror);
    const files = await interruptible(({ signal, progress }) =>
      pullSets(
        { ids, dataDir, unverified, keepPacked: args['keep-packed'], ...(mirror && { mirror }) },
        {
          signal,
          onNote: (line) => progress.note(line),
          onProgress: (fraction, label) => progress.update(fraction, label),
        },
      ),
    );
    printResult(args.json, { schemaVersion: 1, kind: 'data-pull', files }, () => renderPulled(files));
  },
};

/** @throws GauntletError USAGE, DATA_DIFFERS, and what listing, verifying and pulling throw */
export async function runDataCommand(args: DataArguments): Promise<void> {
  if (args.action === 'list' && args.ids?.length) {
    throw new GauntletError('USAGE', `\`gauntlet data list\` takes no ids, received ${args.ids.join(' ')}.`);
  }
  await ACTIONS[args.action](args);
}
