import { GauntletError, messageOf } from '../../errors.js';
import type { ArchitecturePlugin } from './define.js';
import type { LayerBuilder, VectorValue } from './layers.js';

/** What the names of a part's parameters begin with: training finds its way by them. */
const PREFIX: Readonly<Record<ArchitecturePlugin['part'], string>> = {
  backbone: 'backbone',
  head: 'penultimate',
};

/**
 * Runs a part's `build`, which may be anybody's code.
 * @throws GauntletError PLUGIN_FAILED when it throws something of its own, or returns no matrix; PLUGIN_INVALID for a parameter
 *   outside its part of the network
 */
export function buildPart(
  { part, metadata }: ArchitecturePlugin,
  layers: LayerBuilder,
  build: () => VectorValue,
): VectorValue {
  const who = `the ${part} "${metadata.id}"`;
  const [parameters, statistics] = [layers.parameters.length, layers.statistics.length];
  const features = withBlame(who, build);
  if (!isVector(features))
    throw new GauntletError(
      'PLUGIN_FAILED',
      `${who} must give the name (\`value\`) and the \`width\` of a matrix; it gave ${JSON.stringify(features)}`,
      { help: 'Fix the plugin and train again.' },
    );
  const prefix = `${PREFIX[part]}.`;
  const added = [...layers.parameters.slice(parameters), ...layers.statistics.slice(statistics)];
  const stray = added.find(({ name }) => !name.startsWith(prefix));
  if (stray !== undefined)
    throw new GauntletError(
      'PLUGIN_INVALID',
      `the parameters of ${who} must have names that begin with "${prefix}", received "${stray.name}"`,
      { help: 'Rename the layers that `build` adds.' },
    );
  return features;
}

function withBlame(who: string, build: () => VectorValue): unknown {
  try {
    return build();
  } catch (error) {
    if (error instanceof GauntletError) throw error;
    throw new GauntletError('PLUGIN_FAILED', `${who} threw while it was built: ${messageOf(error)}`, {
      cause: error,
      help: 'Fix the plugin and train again.',
    });
  }
}

const isVector = (value: unknown): value is VectorValue => {
  const { value: name, width } = (value ?? {}) as Partial<VectorValue>;
  return typeof name === 'string' && Number.isSafeInteger(width) && width! > 0;
};
