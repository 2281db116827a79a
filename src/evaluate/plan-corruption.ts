import { GauntletError } from '../errors.js';
import { severitiesOf } from '../plugin/corruption.js';
import { cellIds, type SuiteEntry } from '../suite/suite.js';
import { referenceArchive, type ArchivedExamples } from './archived-images.js';
import type { CellSpec, CorruptionPlan } from './cell.js';
import { referenceFor, type PlanContext } from './plan-context.js';

/** A corruption at one severity, before it meets a model. */
export interface PlannedCorruption extends Pick<CellSpec, 'entry' | 'title'> {
  readonly plan: CorruptionPlan;
}

/**
 * Plans a corruption at each of its severities. One that needs photographs nobody named is planned without them: its cells
 * will say so.
 * @param archived where its images are read from instead of being made
 * @throws GauntletError UNKNOWN_CORRUPTION, PARAMETER_INVALID for a severity its profile does not have, and what reading the
 *   photographs or archive throws.
 */
export async function planCorruption(
  entry: Extract<SuiteEntry, { kind: 'corruption' }>,
  context: Pick<PlanContext, 'services' | 'plugins' | 'textures'>,
  archived?: ArchivedExamples,
): Promise<PlannedCorruption[]> {
  const { profile, quirks } = entry;
  const reference = referenceFor(entry.corruption, context);
  const plugin = await context.services.corruption(reference);
  const photographs = plugin.metadata.needs === 'frost-textures' && archived === undefined;
  const textures = photographs ? await context.textures?.() : undefined;
  const known = severitiesOf(plugin, profile);
  const planned = cellIds(entry).map(async (id, i): Promise<PlannedCorruption> => {
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
    const level = { corruption: reference.id, severity };
    const archive = archived && (await referenceArchive(archived, level));
    return {
      entry: id,
      title: `${entry.title}, severity ${severity}`,
      plan: {
        kind: 'corruption',
        corruption: { ...reference, version: plugin.metadata.version },
        ...{ severity, parameters, profile, quirks },
        ...(textures === undefined ? {} : { textures }),
        ...(archive === undefined ? {} : { archive }),
      },
    };
  });
  return Promise.all(planned);
}
