import { GauntletError } from '../errors.js';
import type { ByteSource } from '../graph/onnx/byte-source.js';
import type { Graph } from '../graph/ir.js';
import { externalLocations, readModel, runningBytes } from '../graph/onnx/model-proto.js';
import { readOnnx } from '../graph/onnx/read.js';
import { openModelFiles, type ModelFiles } from './model-files.js';
import { lowerGraphModel } from './tfjs/graph-model.js';
import { lowerLayersModel } from './tfjs/layers-model.js';
import { readModelJson, type ModelJson } from './tfjs/model-json.js';
import { readBytes } from './tfjs/weight-spec.js';
import { openWeights } from './tfjs/weights.js';

/** What a model file is written in. */
export type ModelFormat = 'onnx' | ModelJson['format'];

/** A model file and the files beside it that hold its tensors, open for reading. */
export interface ModelFile {
  readonly format: ModelFormat;
  /** Bytes of all of them. */
  readonly size: number;
  /** Bytes of its tensors while it runs, or of the files where that is more: weights stored in fewer bits become float32. */
  readonly running: number;
  /** SHA-256 of the content, the files beside it included: see ModelFiles.hash. */
  hash(): Promise<string>;
  /**
   * The model as a graph.
   * @param shape of one example, where the file leaves it open
   * @param inner value that is asked for although it is no output
   * @throws GauntletError MODEL_UNREADABLE, MODEL_WEIGHTS, MODEL_INVALID, LAYER_UNSUPPORTED, CARD_INVALID.
   */
  graph(shape?: readonly number[], inner?: string): Graph;
  close(): void;
}

/** What is to be known of a file before it is read as a model. */
interface Contents {
  readonly format: ModelFormat;
  /** Locations of the files beside it, in order of name. */
  readonly locations: readonly string[];
  /** Bytes of its tensors while it runs. */
  readonly running: number;
  readonly graph: ModelFile['graph'];
}

/**
 * Opens a model for reading: a TensorFlow.js model where the name ends in `.json`, else an ONNX model.
 * @throws GauntletError MODEL_NOT_FOUND for the model or a file it names; MODEL_INVALID for a location outside its folder.
 */
export function openModel(path: string): ModelFile {
  const files = openModelFiles(path);
  try {
    const { format, locations, running, graph } = path.endsWith('.json')
      ? tfjs(files, path)
      : onnx(files, path);
    const size = [files.own, ...locations.map(files.beside)].reduce((total, file) => total + file.size, 0);
    return {
      format,
      size,
      running: Math.max(size, running),
      hash: () => files.hash(locations),
      graph,
      close: files.close,
    };
  } catch (error) {
    files.close();
    throw error;
  }
}

function onnx({ own, beside }: ModelFiles, path: string): Contents {
  return {
    format: 'onnx',
    ...tensorsOf(own, path),
    graph: () => readOnnx(own, path, beside),
  };
}

/** Files the model names, and its tensors' size; none when it cannot be decoded, which whoever decodes it is told. */
function tensorsOf(source: ByteSource, path: string): Pick<Contents, 'locations' | 'running'> {
  try {
    const model = readModel(source, path);
    return { locations: externalLocations(model), running: runningBytes(model) };
  } catch (error) {
    if (error instanceof GauntletError && error.key === 'MODEL_UNREADABLE')
      return { locations: [], running: 0 };
    throw error;
  }
}

function tfjs({ own, beside }: ModelFiles, path: string): Contents {
  const { format, topology, signature, groups } = readModelJson(own, path);
  const locations = [...new Set(groups.flatMap(({ paths }) => paths))].sort();
  const weights = () => openWeights(groups, beside, path);
  return {
    format,
    locations,
    running: groups.flatMap((group) => group.weights).reduce((total, spec) => total + readBytes(spec), 0),
    graph: (shape, inner) =>
      format === 'tfjs-layers'
        ? lowerLayersModel(topology, weights(), path, shape, inner)
        : lowerGraphModel(topology, signature, weights(), path, shape, inner),
  };
}
