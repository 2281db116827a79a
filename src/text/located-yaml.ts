import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { messageOf } from '../errors.js';

/** Property names and array positions from the root. */
export type Path = readonly (string | number)[];

/** A YAML document as plain values, and where each of them stands. */
export interface LocatedYaml {
  readonly content: unknown;
  /** `file:line:column` of the value at `path`, or of the nearest enclosing value that is written down. */
  at(path: Path): string;
}

/**
 * Parses YAML text.
 * @param source name of the file, for positions
 * @param fail makes the error to throw from a position (`file:line:column`) and a sentence without full stop
 */
export function parseLocatedYaml(
  text: string,
  source: string,
  fail: (position: string, message: string, cause?: unknown) => Error,
): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const position = (offset: number | undefined): string => {
    if (offset === undefined) return source;
    const { line, col } = lines.linePos(offset);
    return `${source}:${line}:${col}`;
  };
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined)
    throw fail(position(problem.pos[0]), problem.message.replace(/\.$/, ''), problem);
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // Aliases that unfold to more than the parser's limit.
    throw fail(source, messageOf(error), error);
  }
  return { content, at: (path) => position(offsetOf(document, path)) };
}

/** An unknown property is found by its key, any other value by itself, a missing one by what encloses it. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
    if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0];
  }
  const node = document.getIn(path, true);
  if (isNode(node)) return node.range?.[0];
  return path.length === 0 ? undefined : offsetOf(document, path.slice(0, -1));
}
