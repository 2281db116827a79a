import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  readonly kind?: unknown;
  readonly files?: readonly {
    readonly source?: {
      readonly corruption?: { readonly id?: unknown };
      readonly levels?: readonly { readonly severity?: unknown }[];
    };
  }[];
}

/**
 * The severities of each corruption of an archive that Gauntlet wrote, as its manifest.json has them, ascending; undefined for any
 * other archive.
 */
export async function severitiesIn(
  path: string,
): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  const text = await readFile(join(path, 'manifest.json'), 'utf8').catch(() => '');
  try {
    const { kind, files = [] } = JSON.parse(text) as Manifest;
    return kind === 'archive' ? new Map(files.flatMap(({ source }) => entryOf(source))) : undefined;
  } catch {
    // Somebody else's manifest: the layout says all there is to know.
    return undefined;
  }
}

function entryOf(source: NonNullable<Manifest['files']>[number]['source']): [string, number[]][] {
  const id = source?.corruption?.id;
  const severities = source?.levels?.map(({ severity }) => severity) ?? [];
  const sound = severities.every((severity) => Number.isInteger(severity));
  return typeof id === 'string' && sound && severities.length > 0 ? [[id, severities as number[]]] : [];
}
