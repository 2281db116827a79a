import { GauntletError } from '../errors.js';
import { severitiesOf } from '../plugin/corruption.js';
import { cellIds, type SuiteEntry } from '../suite/suite.js';
import type { CellSpec, CorruptionPlan } from './cell.js';
import { referenceFor, type PlanContext } from './plan-context.js';

/** A corruption at one severity, before it meets a model. */
export interface PlannedCorruption extends Pick<CellSpec, 'entry' | 'title'> {
  readonly plan: CorruptionPlan;
}

/**
 * Plans a corruption at each of its severities. One that needs photographs nobody named is planned without them: its cells
 * will say so.
 * @throws GauntletError UNKNOWN_CORRUPTION, PARAMETER_INVALID for a severity its profile does not have, and what reading the
 *   photographs throws.
 */
export async function planCorruption(
  entry: Extract<SuiteEntry, { kind: 'corruption' }>,
  context: Pick<PlanContext, 'services' | 'plugins' | 'textures'>,
): Promise<PlannedCorruption[]> {
  const { profile, quirks } = entry;
  const reference = referenceFor(entry.corruption, context);
  const plugin = await context.services.corruption(reference);
  const textures = plugin.metadata.needs === undefined ? undefined : await context.textures?.();
  const known = severitiesOf(plugin, profile);
  return cellIds(entry).map((id, i) => {
    const severity = entry.severities[i]!;
    const parameters = known[severity - 1];
    if (parameters === undefined) {
      const has = known.length === 0 ? 'it has none there' : `it has 1 to ${known.length}`;
      throw new GauntletError(
        'PARAMETER_INVALID',
        `${entry.corruption} has no severity ${severity} in the profile ${profile}; ${has}.`,
        { help: 'See `gauntlet list corruptions` for the profiles of each, and correct the suite.' },
      );
    }
    return {
      entry: id,
      title: `${entry.title}, severity ${severity}`,
      plan: {
        kind: 'corruption',
        corruption: { ...reference, version: plugin.metadata.version },
        ...{ severity, parameters, profile, quirks },
        ...(textures === undefined ? {} : { textures }),
      },
    };
  });
}
