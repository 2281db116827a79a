import { basename, dirname, extname, resolve } from 'node:path';

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

/** Whether the text names a file or folder rather than something by its id. */
export function isPath(text: string): boolean {
  if (isUrl(text)) return false;
  return /[/\\]/.test(text) || /\.(onnx|npz|json|ya?ml|[cm]?[jt]s)$/.test(text);
}

/** Paths made absolute against a folder; ids and globs of ids as they are. */
export function resolveReference(text: string, folder: string): string {
  return isPath(text) ? resolve(folder, text) : text;
}

/**
 * The name a reference goes by in results, which must not depend on where its file lies: the id or glob itself, a file's
 * name without its ending, the folder of a `model.onnx` or `model.json`, the name of a model behind HTTP.
 */
export function referenceName(text: string): string {
  // The name in the URL of a served model, which may end in a method.
  if (isUrl(text)) return /\/models\/([^/:?#]+)/.exec(text)?.[1] ?? basename(text);
  if (!isPath(text)) return text;
  const name = basename(text);
  const isUnnamed = name === 'model.onnx' || name === 'model.json';
  return isUnnamed ? basename(dirname(text)) : basename(text, extname(text));
}
