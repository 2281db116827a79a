import { GauntletError } from '../errors.js';
import type { Graph, GraphRunner } from '../graph/ir.js';
import { dropIdentities } from '../graph/passes/drop-identities.js';
import { foldConstants, foldInputFree } from '../graph/passes/fold-constants.js';
import { toFloat32 } from '../graph/passes/to-float32.js';
import { upgradeOpset } from '../graph/passes/upgrade-opset.js';
import type { LoadedModel } from '../models/load.js';

/** @throws GauntletError EXPORT_UNSUPPORTED for a model that draws random numbers. */
export function requireDeterministic({ id, randomInputs }: LoadedModel): void {
  if (randomInputs.length === 0) return;
  throw new GauntletError(
    'EXPORT_UNSUPPORTED',
    `${id} draws random numbers, which Gauntlet feeds it from streams of its own; a file would draw others`,
    { help: 'Give the file itself to whoever runs the model.' },
  );
}

/** The graph with constants folded and what does nothing left out; computes the same numbers. */
export async function cleaned({ graph }: LoadedModel, run: GraphRunner): Promise<Graph> {
  return foldConstants(dropIdentities(graph), run);
}

/** The graph in operator set 17 and float32, as operators are written as layers from. */
export async function canonical({ graph }: LoadedModel, run: GraphRunner): Promise<Graph> {
  const readable = await foldInputFree(toFloat32(graph), run);
  return foldConstants(dropIdentities(upgradeOpset(readable)), run);
}
