import type { Access } from '../classifier/classifier.js';
import { listAttacks, listComposites, loadAttack } from '../plugin/registry.js';
import { NORMS, type Norm, type ThreatKind } from '../plugin/threat.js';
import type { Item } from './inventory.js';

/**
 * How an attack goes about it: within a given budget; towards the nearest example, with a budget or without; after learning on other
 * examples; by running another attack; or several attacks in turn.
 */
export type AttackKind = 'fixed-budget' | 'minimum-norm' | 'fitted' | 'wrapper' | 'composite';

/** An attack or composite in a listing. */
export interface AttackItem extends Item {
  readonly details: {
    /** What it needs of the classifier; null for a composite, whose attacks need each their own. */
    readonly access: Access | null;
    readonly threats: readonly ThreatKind[];
    readonly norms: readonly Norm[];
    readonly kind: AttackKind;
    readonly goals: readonly string[];
    readonly summary: string;
    readonly paper: string;
    readonly version: string;
    /** Where it comes from. */
    readonly origin: string;
  };
}

const ACCESS: readonly (Access | null)[] = ['gradient', 'scores', 'decision', null];
const THREATS: readonly ThreatKind[] = ['lp', 'box', 'minimum', 'transform', 'patch'];
const KINDS: readonly AttackKind[] = ['fixed-budget', 'minimum-norm', 'fitted', 'wrapper', 'composite'];

/**
 * Attacks and composites, built in and registered, by access, then threat models, then kind, then id.
 * @throws GauntletError what loading a plugin throws
 */
export async function attackItems(): Promise<AttackItem[]> {
  const attacks: AttackItem[] = [];
  for (const { metadata, origin } of listAttacks()) {
    const plugin = await loadAttack(metadata.id);
    attacks.push(itemOf(metadata, metadata.access, kindOf(plugin), origin.from));
  }
  const composites = listComposites().map(({ metadata, origin }) =>
    itemOf(metadata, null, 'composite', origin.from),
  );
  return [...attacks, ...composites].sort(
    (a, b) =>
      ACCESS.indexOf(a.details.access) - ACCESS.indexOf(b.details.access) ||
      widest(a) - widest(b) ||
      KINDS.indexOf(a.details.kind) - KINDS.indexOf(b.details.kind) ||
      a.id.localeCompare(b.id, 'en'),
  );
}

type Metadata = Pick<
  ReturnType<typeof listComposites>[number]['metadata'],
  'id' | 'title' | 'summary' | 'paper' | 'version' | 'threats' | 'norms' | 'goals'
>;

function itemOf(metadata: Metadata, access: Access | null, kind: AttackKind, origin: string): AttackItem {
  const { id, title, summary, paper, version, threats, norms, goals } = metadata;
  return {
    id,
    title,
    details: {
      access,
      threats: inOrder(THREATS, threats),
      norms: inOrder(NORMS, norms),
      kind,
      goals,
      summary,
      paper,
      version,
      origin,
    },
  };
}

function kindOf({ fit, metadata: { runs, threats } }: Awaited<ReturnType<typeof loadAttack>>): AttackKind {
  if (runs !== undefined) return 'wrapper';
  if (fit !== undefined) return 'fitted';
  return threats.includes('minimum') ? 'minimum-norm' : 'fixed-budget';
}

const inOrder = <T>(all: readonly T[], some: readonly T[]): T[] => all.filter((one) => some.includes(one));

/** Sorts sets of threat models: by the first they have, those that have more next to those that have less. */
const widest = ({ details: { threats } }: AttackItem): number =>
  threats.reduce((sum, threat) => sum + 2 ** THREATS.indexOf(threat), 0);
