import type { PluginListing } from './listing.js';

/** An entry of builtin.generated.ts. */
export interface BuiltinPlugin {
  readonly listing: PluginListing;
  /** Imports the module whose default export is the plugin. */
  readonly load: () => Promise<{ readonly default: unknown }>;
}
