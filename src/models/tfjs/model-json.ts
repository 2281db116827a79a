import { GauntletError, messageOf } from '../../errors.js';
import type { ByteSource } from '../../graph/onnx/byte-source.js';
import { readSignature, type Signature } from './graph-def.js';
import { isObject, shown, type JsonObject } from './json.js';
import { readManifest, type WeightGroup } from './weight-spec.js';

/** What a model.json holds. */
export interface ModelJson {
  /** Layers as Keras has them, or a graph of TensorFlow's operations. */
  readonly format: 'tfjs-layers' | 'tfjs-graph';
  readonly topology: JsonObject;
  /** Of a graph model. */
  readonly signature: Signature;
  readonly groups: readonly WeightGroup[];
}

/**
 * Reads a model.json.
 * @throws GauntletError MODEL_UNREADABLE when it is no JSON; MODEL_INVALID when it is no TensorFlow.js model.
 */
export function readModelJson(source: ByteSource, name: string): ModelJson {
  const value = parse(source, name);
  const topology = isObject(value) ? value['modelTopology'] : undefined;
  if (!isObject(value) || !isObject(topology))
    throw new GauntletError(
      'MODEL_INVALID',
      `${name} is not a TensorFlow.js model: modelTopology must be an object, received ${shown(topology)}`,
    );
  return {
    format: formatOf(value['format'], topology, name),
    topology,
    signature: signatureOf(value),
    groups: readManifest(value['weightsManifest'], name),
  };
}

/** Files have had the signature in two places. */
function signatureOf({ signature, userDefinedMetadata }: JsonObject): Signature {
  const older = isObject(userDefinedMetadata) ? userDefinedMetadata['signature'] : undefined;
  return readSignature(signature ?? older);
}

function parse(source: ByteSource, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source.read(0, source.size)));
  } catch (error) {
    if (error instanceof GauntletError) throw error;
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `${name}: received ${source.size} bytes, expected the JSON of a TensorFlow.js model; ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Older files do not say their format. */
function formatOf(format: unknown, topology: JsonObject, name: string): ModelJson['format'] {
  switch (format ?? (Array.isArray(topology['node']) ? 'graph-model' : 'layers-model')) {
    case 'layers-model':
      return 'tfjs-layers';
    case 'graph-model':
      return 'tfjs-graph';
    default:
      throw new GauntletError(
        'MODEL_INVALID',
        `${name}: format must be layers-model or graph-model, received ${shown(format)}`,
      );
  }
}
