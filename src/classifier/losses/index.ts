import { didYouMean } from '../../text/suggest.js';
import { GauntletError } from '../../errors.js';
import type { LossPlugin } from '../../plugin/loss.js';
import { ce } from './ce.js';
import { dlr } from './dlr.js';
import { dlrTargeted } from './dlr-targeted.js';
import { marginTargeted } from './margin-targeted.js';
import { margin } from './margin.js';

const losses = new Map(
  [ce, margin, marginTargeted, dlr, dlrTargeted].map((loss) => [loss.metadata.id, loss]),
);

/** All losses by id, built-in ones first. */
export function listLosses(): LossPlugin[] {
  return [...losses.values()];
}

/** @throws GauntletError UNKNOWN_LOSS. */
export function lossById(id: string): LossPlugin {
  const loss = losses.get(id);
  if (loss === undefined) {
    throw new GauntletError('UNKNOWN_LOSS', `no loss is called "${id}"${didYouMean(id, [...losses.keys()])}`);
  }
  return loss;
}

/**
 * Adds a loss for this process. Registering the same object again is harmless.
 * @throws GauntletError PLUGIN_INVALID when another loss has its id.
 */
export function registerLoss(loss: LossPlugin): void {
  const known = losses.get(loss.metadata.id);
  if (known !== undefined && known !== loss) {
    throw new GauntletError('PLUGIN_INVALID', `a loss called "${loss.metadata.id}" exists already`);
  }
  losses.set(loss.metadata.id, loss);
}
