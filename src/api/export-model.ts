import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import { EXPORT_FORMATS, exportGraph, type ExportFormat } from '../export/export.js';
import { sha256 } from '../fingerprint.js';
import { readCard } from '../models/card.js';
import { loadModel } from '../models/load.js';
import { resolveModel } from '../models/reference.js';
import { packageName, packageVersion } from '../resources.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { jsonText } from '../results/json-text.js';
import type { ExportReport } from '../results/schema/export-report.js';

export interface ExportModelOptions {
  readonly format: ExportFormat;
  /** Folder of a `tfjs-layers` model; path of an `onnx` file, ending in `.onnx`. */
  readonly out: string;
  /** Path of the model's card, if that is not beside it. */
  readonly card?: string;
  /** Graph output that holds the logits; otherwise the card says. */
  readonly output?: string;
  /** Whether files that exist are written over; otherwise they are an error. */
  readonly force?: boolean;
}

/** Where the files of a format go. */
interface Place {
  readonly folder: string;
  readonly model: string;
  readonly card: string;
}

/**
 * Writes a model in a format, preprocessing inside, with a card beside it, so that the export takes the examples that the model takes
 * (TensorFlow.js with channels last) and gives the same logits. What was written is read back and compared before a file is.
 * @param model zoo id, or path of an ONNX file or of the model.json of a TensorFlow.js model
 * @throws GauntletError EXPORT_UNSUPPORTED, FILE_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, USAGE; and as openClassifier.
 */
export async function exportModel(model: string, options: ExportModelOptions): Promise<ExportReport> {
  const { format, card, output, force = false } = options;
  const place = placeOf(format, options.out);
  if (!force) await requireFree(format, place);
  const reference = await resolveModel(model, {
    ...(card !== undefined && { card }),
    ...(output !== undefined && { output }),
  });
  if (resolve(reference.path) === place.model)
    throw new GauntletError('FILE_EXISTS', `${place.model} is the model itself.`);
  const engine = await createOnnxRuntimeEngine();
  const loaded = await loadModel(reference, engine);
  const original = reference.card === undefined ? undefined : await readCard(reference.card);
  const tool = `${packageName} ${packageVersion}`;
  const exported = await exportGraph(loaded, format, original, engine, tool);
  const files = [
    { path: place.card, content: new TextEncoder().encode(jsonText(exported.card)) },
    ...exported.files.map(({ name, content }, i) => ({
      path: i === exported.files.length - 1 ? place.model : join(place.folder, name),
      content,
    })),
  ];
  for (const { path, content } of files) await writeFileAtomic(path, content);
  const written = await resolveModel(place.model, { card: place.card });
  return {
    schemaVersion: 1,
    kind: 'export',
    format,
    model: { id: reference.id, path: reference.path, sha256: reference.sha256 },
    exported: { path: place.model, sha256: written.sha256 },
    files: files.map(({ path, content }) => ({ path, bytes: content.length, sha256: sha256(content) })),
    input: { ...exported.input, shape: [...exported.input.shape], bounds: [...exported.input.bounds] },
    output: exported.card.output!,
    features: exported.card.features ?? null,
    numClasses: loaded.numClasses,
    difference: exported.difference,
  };
}

function placeOf(format: ExportFormat, out: string): Place {
  if (!EXPORT_FORMATS.includes(format))
    throw new GauntletError(
      'USAGE',
      `The format must be ${EXPORT_FORMATS.join(' or ')}; received "${format}".`,
    );
  const path = resolve(out);
  if (format === 'tfjs-layers')
    return { folder: path, model: join(path, 'model.json'), card: join(path, 'card.json') };
  if (!path.endsWith('.onnx'))
    throw new GauntletError(
      'USAGE',
      `The output of format onnx is a file that ends in .onnx; received "${out}".`,
    );
  const folder = dirname(path);
  return { folder, model: path, card: join(folder, `${basename(path, '.onnx')}.card.json`) };
}

/** @throws GauntletError FILE_EXISTS */
async function requireFree(format: ExportFormat, { folder, model, card }: Place): Promise<void> {
  const taken = [model, card].find((path) => existsSync(path));
  const help = 'Choose another name, or write over what is there with --force.';
  if (taken !== undefined) throw new GauntletError('FILE_EXISTS', `${taken} exists already.`, { help });
  if (format !== 'tfjs-layers' || !existsSync(folder)) return;
  if (!(await stat(folder)).isDirectory())
    throw new GauntletError('FILE_EXISTS', `${folder} is a file; the output is a folder.`, {
      help: 'Choose another name.',
    });
  if ((await readdir(folder)).length > 0)
    throw new GauntletError('FILE_EXISTS', `The folder ${folder} is not empty.`, { help });
}
