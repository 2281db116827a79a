import type { TextureReference } from '../data/textures.js';
import type { EngineInfo } from './assemble.js';
import type { PluginReference } from './cell.js';
import type { Services } from './services.js';

/** What planning needs to know of the world. */
export interface PlanContext {
  readonly services: Services;
  readonly engine: EngineInfo;
  /** Plugins that are not built in, by id. */
  readonly plugins?: ReadonlyMap<string, PluginReference>;
  readonly dataDir?: string;
  /** How a suite's surrogates pass operators whose derivative is zero almost everywhere; their cards say by default. */
  readonly straightThrough?: boolean;
  /** Reads the photographs of frost that the user named; they are only looked at where a corruption needs them. */
  readonly textures?: () => Promise<TextureReference>;
  /** Absolute path of the archive that corrupted images are read from; without it they are made. */
  readonly archive?: string;
}

/** The plugin of that id: one the user brought, or a built-in one. */
export function referenceFor(id: string, context: Pick<PlanContext, 'plugins'>): PluginReference {
  return context.plugins?.get(id) ?? { id, version: '' };
}
