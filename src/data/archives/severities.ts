import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Severities of the official archives of CIFAR-10-C's layout. */
const OFFICIAL = [1, 2, 3, 4, 5];

/**
 * The severities whose images follow each other in the files of an archive, ascending: as its manifest.json says where Gauntlet
 * wrote it, all five elsewhere.
 */
export async function severitiesIn(path: string): Promise<readonly number[]> {
  const text = await readFile(join(path, 'manifest.json'), 'utf8').catch(() => '{}');
  return severitiesOf(text) ?? OFFICIAL;
}

function severitiesOf(text: string): readonly number[] | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { kind, severities } = (manifest ?? {}) as { kind?: unknown; severities?: unknown };
  const plausible = Array.isArray(severities) && severities.length > 0 && severities.every(Number.isInteger);
  return kind === 'archive' && plausible ? (severities as number[]) : undefined;
}
