import { basename, dirname, extname, resolve } from 'node:path';

/** Whether the text names a file or folder rather than something by its id. */
export function isPath(text: string): boolean {
  return /[/\\]/.test(text) || /\.(onnx|npz|json|ya?ml)$/.test(text);
}

/** Paths made absolute against a folder; ids and globs of ids as they are. */
export function resolveReference(text: string, folder: string): string {
  return isPath(text) ? resolve(folder, text) : text;
}

/**
 * The name a reference goes by in results, which must not depend on where its file lies: the id or glob itself, a file's
 * name without its ending, a `model.onnx`'s folder.
 */
export function referenceName(text: string): string {
  if (!isPath(text)) return text;
  return basename(text) === 'model.onnx' ? basename(dirname(text)) : basename(text, extname(text));
}
