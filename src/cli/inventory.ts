import { listLosses } from '../classifier/losses/index.js';
import { listDatasets } from '../data/registry.js';
import { listZoo } from '../models/reference.js';
import { profilesOf } from '../plugin/corruption.js';
import { listArchitectures, listCorruptions, loadPlugin } from '../plugin/registry.js';
import { findSuite, listSuites } from '../suite/find.js';
import { suiteIndices } from '../suite/suite.js';
import { attackItems } from './attack-inventory.js';

/** One line of a listing: an id, and what is worth knowing about it. */
export interface Item {
  readonly id: string;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
}

type Kind = 'attacks' | 'corruptions' | 'losses' | 'architectures' | 'models' | 'suites' | 'data';

interface Sources {
  readonly plugins: readonly string[];
  readonly dataDir: string | undefined;
}

const INVENTORIES: Readonly<Record<Kind, (sources: Sources) => Promise<Item[]> | Item[]>> = {
  attacks: attackItems,
  corruptions: () =>
    listCorruptions().map(({ metadata, severities, origin }) => {
      const { id, title, summary, paper, version, stochastic, needs = null } = metadata;
      const profiles = profilesOf({ severities });
      const details = { profiles, needs, stochastic, summary, paper, version, origin: origin.from };
      return { id, title, details };
    }),
  losses: () =>
    listLosses().map(({ metadata: { id, title, summary, needsTargets } }) => ({
      id,
      title,
      details: { summary, needsTargets },
    })),
  architectures: () =>
    listArchitectures().map(({ part, metadata, origin }) => {
      const { id, title, summary, paper = null, version } = metadata;
      return { id, title, details: { part, summary, paper, version, origin: origin.from } };
    }),
  models: async () =>
    (await listZoo()).map(({ id, card, path }) => ({
      id,
      title: card.title ?? id,
      details: { data: card.data?.source ?? null, path },
    })),
  suites: async () =>
    Promise.all(
      (await listSuites()).map(async (id) => {
        const suite = await findSuite(id);
        const { title, version, dataset, models, entries } = suite;
        return {
          id,
          title,
          details: {
            version,
            data: dataset.source,
            examples: suiteIndices(suite).length,
            models,
            entries: entries.map((entry) => entry.id),
          },
        };
      }),
    ),
  data: ({ dataDir }) =>
    listDatasets(dataDir).map(({ id, title, available, where }) => ({
      id,
      title,
      details: { available, where },
    })),
};

/**
 * What there is of each kind, a user's own plugins included.
 * @throws GauntletError PLUGIN_INVALID, PLUGIN_API, PLUGIN_FAILED
 */
export async function inventories(
  kinds: readonly Kind[],
  sources: Sources,
): Promise<Partial<Record<Kind, Item[]>>> {
  for (const plugin of sources.plugins) await loadPlugin(plugin);
  const found = await Promise.all(
    kinds.map(async (kind) => [kind, await INVENTORIES[kind](sources)] as const),
  );
  return Object.fromEntries(found);
}
