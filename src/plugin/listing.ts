import type { ArchitecturePlugin } from '../models/architectures/define.js';
import type { AttackMetadata, ParameterSchema } from './attack.js';
import type { CompositeMetadata } from './composite.js';
import type { CorruptionMetadata, CorruptionPlugin } from './corruption.js';
import type { LossPlugin } from './loss.js';
import type { Plugin } from './validate.js';

/** Where a plugin comes from. */
export type PluginOrigin =
  | { readonly from: 'built-in' }
  /** Absolute path or package name; a worker can import it. */
  | { readonly from: 'module'; readonly module: string }
  /** An object of this process: only the inline executor can run it. */
  | { readonly from: 'memory' };

/** What is known of a plugin without running it: all of it but its functions. */
export type PluginListing =
  | {
      readonly kind: 'attack';
      readonly metadata: Omit<AttackMetadata<never>, 'cost' | 'runs'>;
      readonly parameters: ParameterSchema;
      readonly origin: PluginOrigin;
    }
  | {
      readonly kind: 'composite';
      readonly metadata: CompositeMetadata;
      readonly parameters: ParameterSchema;
      readonly origin: PluginOrigin;
    }
  | {
      readonly kind: 'corruption';
      readonly metadata: CorruptionMetadata;
      readonly parameters: ParameterSchema;
      readonly severities: CorruptionPlugin['severities'];
      readonly origin: PluginOrigin;
    }
  | { readonly kind: 'loss'; readonly metadata: LossPlugin['metadata']; readonly origin: PluginOrigin }
  | {
      readonly kind: 'architecture';
      readonly part: ArchitecturePlugin['part'];
      readonly metadata: ArchitecturePlugin['metadata'];
      readonly origin: PluginOrigin;
    };

export type ListingOf<K extends PluginListing['kind']> = Extract<PluginListing, { kind: K }>;

/** A plugin's listing as plain JSON. */
export function listingOf(plugin: Plugin, origin: PluginOrigin): PluginListing {
  const plain = JSON.parse(JSON.stringify(plugin)) as Record<string, unknown>;
  return { ...plain, origin } as unknown as PluginListing;
}
