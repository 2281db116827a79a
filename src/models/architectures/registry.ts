import { GauntletError } from '../../errors.js';
import { didYouMean } from '../../text/suggest.js';
import cnn from './backbones/cnn.js';
import mlp from './backbones/mlp.js';
import resnet from './backbones/resnet.js';
import resnet18 from './backbones/resnet18.js';
import resnet50 from './backbones/resnet50.js';
import type { ArchitecturePlugin, BackbonePlugin, HeadPlugin, ParametersOf } from './define.js';
import binenc from './heads/binenc.js';
import dropoutLinpen from './heads/dropout-linpen.js';
import dropoutNopen from './heads/dropout-nopen.js';
import linpen from './heads/linpen.js';
import nonlinpen from './heads/nonlinpen.js';
import nopen from './heads/nopen.js';
import wideBinenc from './heads/wide-binenc.js';

const BACKBONES = { mlp, cnn, resnet, resnet18, resnet50 } as const;

/** Sbailo and Ghiringhelli, arXiv 2310.08224v3, section 3. */
const HEADS = [binenc, wideBinenc, linpen, nonlinpen, nopen, dropoutLinpen, dropoutNopen];

/** Of the backbones that are built in. */
export type BackboneId = keyof typeof BACKBONES;

/** What a recipe says of a backbone that is built in; `kind` picks it. */
export type BuiltInBackboneSpec = {
  [Kind in BackboneId]: { readonly kind: Kind } & ParametersOf<(typeof BACKBONES)[Kind]['parameters']>;
}[BackboneId];

/** What a recipe says of a backbone, be it built in or a user's. */
export type BackboneSpec =
  BuiltInBackboneSpec | { readonly kind: string; readonly [parameter: string]: unknown };

/** What recipes may name, by id, in the order of listings. */
export interface Architectures {
  readonly backbones: ReadonlyMap<string, BackbonePlugin>;
  readonly heads: ReadonlyMap<string, HeadPlugin>;
}

/**
 * Architectures by their ids.
 * @throws GauntletError PLUGIN_INVALID when two have the same one
 */
export function architecturesOf(plugins: readonly ArchitecturePlugin[]): Architectures {
  const backbones = new Map<string, BackbonePlugin>();
  const heads = new Map<string, HeadPlugin>();
  for (const plugin of plugins) {
    const { id } = plugin.metadata;
    if (backbones.has(id) || heads.has(id))
      throw new GauntletError('PLUGIN_INVALID', `there is another architecture called "${id}"`);
    if (plugin.part === 'backbone') backbones.set(id, plugin);
    else heads.set(id, plugin);
  }
  return { backbones, heads };
}

/** Those of this package: backbones, then heads. */
export const builtInArchitectures = architecturesOf([
  ...(Object.values(BACKBONES) as unknown as readonly BackbonePlugin[]),
  ...HEADS,
]);

/** Every backbone, then every head. */
export const allArchitectures = ({ backbones, heads }: Architectures): ArchitecturePlugin[] => [
  ...backbones.values(),
  ...heads.values(),
];

/** @throws GauntletError RECIPE_INVALID with the nearest id when there is none of that kind */
export const backboneOf = ({ backbones }: Architectures, id: string): BackbonePlugin =>
  named('backbone', backbones, id);

/** @throws GauntletError RECIPE_INVALID with the nearest id when there is none of that name */
export const headOf = ({ heads }: Architectures, id: string): HeadPlugin => named('head', heads, id);

function named<T>(part: string, known: ReadonlyMap<string, T>, id: string): T {
  const found = known.get(id);
  if (found !== undefined) return found;
  throw new GauntletError(
    'RECIPE_INVALID',
    `no ${part} is called "${id}"${didYouMean(id, [...known.keys()])}`,
  );
}

/** An architecture that is not built in, as records name it: an id alone does not say what it was. */
export interface OwnArchitecture {
  readonly part: ArchitecturePlugin['part'];
  readonly id: string;
  readonly version: string;
}

/** Those of a network that are not built in: none, its backbone, its head or both. */
export function ownArchitecturesOf(
  network: { readonly backbone: BackboneSpec; readonly head: string },
  architectures: Architectures,
): OwnArchitecture[] {
  const builtIn = new Set(allArchitectures(builtInArchitectures));
  return [backboneOf(architectures, network.backbone.kind), headOf(architectures, network.head)]
    .filter((plugin) => !builtIn.has(plugin))
    .map(({ part, metadata: { id, version } }) => ({ part, id, version }));
}
