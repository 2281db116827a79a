import type { CorruptionPlugin, CorruptionSetting } from '../../src/plugin/corruption.js';
import { severitiesOf } from '../../src/plugin/corruption.js';
import { listCorruptions, loadCorruption } from '../../src/plugin/registry.js';
import { DRAWN } from './drawn.js';
import { goldenCases, type GoldenCase } from './golden.js';
import { levels } from './images.js';
import { redrawn } from './redrawn.js';

/** How far a corrupted image is from the published script's, fed with the same draws. */
export interface ParityRow {
  readonly corruption: string;
  readonly profile: string;
  readonly input: string;
  readonly severity: number;
  /** Largest difference of a value, in levels. */
  readonly maxDifference: number;
  /** Share of the values that differ. */
  readonly differingShare: number;
}

export interface Parity {
  readonly rows: readonly ParityRow[];
  /** Corruptions and severities there is nothing to compare with: what the script drew was not recorded. */
  readonly unrecorded: readonly Pick<ParityRow, 'corruption' | 'profile' | 'input' | 'severity'>[];
  /** Corruptions of the published sets that are not built in. */
  readonly missing: readonly string[];
}

/** Compares every built-in corruption with every recorded output, with the published scripts' own draws and quirks. */
export async function measureParity(): Promise<Parity> {
  const listed = listCorruptions().map(({ metadata }) => metadata);
  const built = new Set(listed.map(({ id }) => id));
  // What they need does not come with their outputs.
  const apart = new Set(listed.filter(({ needs }) => needs !== undefined).map(({ id }) => id));
  const rows: ParityRow[] = [];
  const unrecorded: Parity['unrecorded'][number][] = [];
  const missing = new Set<string>();
  for (const golden of goldenCases()) {
    const { corruption, profile, input, severity } = golden;
    if (apart.has(corruption)) continue;
    if (!built.has(corruption)) {
      missing.add(corruption);
      continue;
    }
    const row = compare(await loadCorruption(corruption), golden);
    if (row === undefined) unrecorded.push({ corruption, profile, input, severity });
    else rows.push(row);
  }
  return { rows, unrecorded, missing: [...missing].sort() };
}

function compare(plugin: CorruptionPlugin, golden: GoldenCase): ParityRow | undefined {
  const { corruption, profile, input, severity, image, expected } = golden;
  const setting: CorruptionSetting = { profile, quirks: 'reference' };
  const parameters = severitiesOf(plugin, profile)[severity - 1];
  if (parameters === undefined) throw new Error(`${corruption} has no severity ${severity} for ${profile}`);
  const drawn = drawnFor(plugin, golden, parameters as Record<string, number>);
  if (drawn === undefined) return undefined;
  const corrupted = levels(plugin.apply(image, drawn, parameters, setting));
  let maxDifference = 0;
  let differing = 0;
  corrupted.forEach((level, i) => {
    const difference = Math.abs(level - expected[i]!);
    if (difference > 0) differing++;
    maxDifference = Math.max(maxDifference, difference);
  });
  return {
    ...{ corruption, profile, input, severity, maxDifference },
    differingShare: differing / corrupted.length,
  };
}

function drawnFor(
  { metadata }: CorruptionPlugin,
  golden: GoldenCase,
  parameters: Readonly<Record<string, number>>,
): unknown {
  if (!metadata.stochastic) return null;
  const draws = golden.draws ?? redrawn(golden, parameters);
  return draws && DRAWN[metadata.id]?.(draws, golden, parameters);
}
