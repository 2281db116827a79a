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
 * name without its ending, the folder of a `model.onnx` or `model.json`.
 */
export function referenceName(text: string): string {
  if (!isPath(text)) return text;
  const name = basename(text);
  const isUnnamed = name === 'model.onnx' || name === 'model.json';
  return isUnnamed ? basename(dirname(text)) : basename(text, extname(text));
}
