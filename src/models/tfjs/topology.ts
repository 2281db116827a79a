import { GauntletError } from '../../errors.js';
import { Config } from './config.js';
import { isObject, isText, shown, type JsonObject } from './json.js';

/** One output of one call of a layer. */
export interface Reference {
  readonly layer: string;
  /** Which call; of a nested model, 0 is the one in which it was made. */
  readonly call: number;
  readonly output: number;
}

/** A layer, and what it is called on. */
export interface LayerSpec {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  /** Inputs of each call. */
  readonly calls: readonly (readonly Reference[])[];
  /** Present when the layer is a model of its own. */
  readonly model?: ModelSpec;
}

/** Layers one after another, or a graph of them. */
export type ModelSpec =
  | { readonly kind: 'sequential'; readonly layers: readonly LayerSpec[] }
  | {
      readonly kind: 'functional';
      readonly layers: readonly LayerSpec[];
      readonly inputs: readonly Reference[];
      readonly outputs: readonly Reference[];
    };

/**
 * Reads the topology of a layers model: what Keras writes (`model_config`) or TensorFlow.js itself.
 * @throws GauntletError MODEL_INVALID where it is not such a topology.
 */
export function readTopology(topology: JsonObject, source: string): ModelSpec {
  const { model_config: wrapped } = topology;
  const entry = isObject(wrapped) ? wrapped : topology;
  const model = modelIn(entry, source);
  if (model !== undefined) return model;
  throw new GauntletError(
    'MODEL_INVALID',
    `${source}: modelTopology must be a Sequential, Functional or Model, received ${shown(classOf(entry))}`,
  );
}

const classOf = (entry: JsonObject): unknown => entry['class_name'] ?? entry['className'];

/** The model that an entry with class and configuration is; undefined where it is some other layer. */
function modelIn(entry: JsonObject, source: string): ModelSpec | undefined {
  const { config } = entry;
  switch (classOf(entry)) {
    case 'Sequential': {
      const layers: unknown = isObject(config) ? config['layers'] : config;
      return { kind: 'sequential', layers: layersIn(layers, source) };
    }
    case 'Model':
    case 'Functional': {
      const fields: JsonObject = isObject(config) ? config : {};
      return {
        kind: 'functional',
        layers: layersIn(fields['layers'], source),
        inputs: referencesIn(fields['input_layers'] ?? fields['inputLayers'], source),
        outputs: referencesIn(fields['output_layers'] ?? fields['outputLayers'], source),
      };
    }
    default:
      return undefined;
  }
}

function layersIn(layers: unknown, source: string): LayerSpec[] {
  if (!Array.isArray(layers) || layers.length === 0)
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: a model must have layers, received ${shown(layers)}`,
    );
  return layers.map((layer: unknown) => layerIn(layer, source));
}

function layerIn(layer: unknown, source: string): LayerSpec {
  const entry: JsonObject = isObject(layer) ? layer : {};
  const fields: JsonObject = isObject(entry['config']) ? entry['config'] : {};
  const className = classOf(entry);
  const name = entry['name'] ?? fields['name'] ?? className;
  if (!isText(className) || !isText(name))
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: a layer must have a class_name and a name, received ${shown(layer)}`,
    );
  const calls = entry['inbound_nodes'] ?? entry['inboundNodes'] ?? [];
  if (!Array.isArray(calls)) throw notReference(calls, source);
  const where = `${source}: layer "${name}" (${className})`;
  const model = modelIn(entry, source);
  return {
    name,
    className,
    config: new Config(fields, where),
    calls: calls.map((call: unknown) => callIn(call, where)),
    ...(model !== undefined && { model }),
  };
}

/** The inputs of a call; a layer that the call switches into its training mode is refused. */
function callIn(call: unknown, where: string): Reference[] {
  if (Array.isArray(call) && call.some(isTraining))
    throw new GauntletError(
      'LAYER_UNSUPPORTED',
      `${where} is called with training = true, so that it draws random numbers or looks at the whole batch`,
    );
  return referencesIn(call, where);
}

/** Whether the arguments that may follow an input switch the layer into its training mode. */
function isTraining(input: unknown): boolean {
  const options: unknown = Array.isArray(input) ? (input as readonly unknown[])[3] : undefined;
  return isObject(options) && options['training'] === true;
}

/** A list of [layer, call, output]; a single one may stand without the list around it. */
function referencesIn(list: unknown, where: string): Reference[] {
  if (!Array.isArray(list)) throw notReference(list, where);
  const items: readonly unknown[] = isText(list[0]) ? [list] : list;
  return items.map((item) => {
    if (!Array.isArray(item)) throw notReference(item, where);
    const [layer, call, output] = item as readonly unknown[];
    if (!isText(layer) || typeof call !== 'number' || typeof output !== 'number')
      throw notReference(item, where);
    return { layer, call, output };
  });
}

const notReference = (received: unknown, where: string): GauntletError =>
  new GauntletError(
    'MODEL_INVALID',
    `${where}: inputs must be given as [layer, call, output], received ${shown(received)}`,
    {
      help: 'Keras 3 writes another format; convert the model with Keras 2 (tf_keras), as TensorFlow.js needs it.',
    },
  );
