import pc from 'picocolors';
import { jsonText } from '../results/json-text.js';

/**
 * Prints a command's result on stdout, which carries nothing else: with `--json` one JSON document, in the
 * very bytes a result file has, otherwise the text for people.
 */
export function printResult(asJson: boolean, result: unknown, render: () => string): void {
  const text = asJson ? jsonText(result) : render();
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** How to lay out what is printed on stdout: the terminal's width, and whether it shows colours. */
export function display(): { readonly width: number; readonly color: boolean } {
  return { width: process.stdout.columns || 110, color: pc.isColorSupported && process.stdout.isTTY };
}
