import { listingOf } from './listing.js';
import type { Plugin } from './validate.js';

/** A plugin of this package and where it stands. */
export interface BuiltinSource {
  readonly plugin: Plugin;
  /** Path of its module from the package root, with the ending of the compiled file: `attacks/pgd.js`. */
  readonly module: string;
}

/**
 * The text of builtin.generated.ts: what is known of each built-in plugin without loading it, and how to load it. Ordered
 * by kind, then id. test/plugin/builtin.test.ts compares the file with the folders; `UPDATE_GENERATED=1` rewrites it.
 */
export function renderBuiltinIndex(sources: readonly BuiltinSource[]): string {
  const entries = sources
    .map(({ plugin, module }) => ({ listing: listingOf(plugin, { from: 'built-in' }), module }))
    .sort((a, b) => order(a.listing).localeCompare(order(b.listing), 'en'))
    .map(
      ({ listing, module }) =>
        `  {\n    listing: ${indent(JSON.stringify(listing, null, 2), 4)},\n    load: () => import('../../${module}'),\n  },\n`,
    );
  return [
    '// Generated from attacks/ and corruptions/ (see generate-index.ts). Rewrite it with:\n',
    '//   UPDATE_GENERATED=1 npm test -- test/plugin/builtin.test.ts\n',
    "import type { BuiltinPlugin } from './builtin.js';\n\n",
    'export const builtinPlugins: readonly BuiltinPlugin[] = [\n',
    ...entries,
    '];\n',
  ].join('');
}

function order({ kind, metadata }: { kind: string; metadata: { id: string } }): string {
  return `${kind} ${metadata.id}`;
}

function indent(text: string, columns: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(columns)}`);
}
