import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/fingerprint.js';

/** Names of the finished cells in a run folder. */
export function cellsIn(folder: string): string[] {
  const cells = join(folder, 'cells');
  return existsSync(cells)
    ? readdirSync(cells).filter((file) => file.endsWith('.json') && !file.startsWith('.'))
    : [];
}

/** Everything in a run folder by path: JSON files as text without their `timing`, others by hash. */
export function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => {
        const bytes = readFileSync(path);
        const text = path.endsWith('.json') ? withoutTiming(bytes.toString()) : sha256(bytes);
        return [path.slice(folder.length + 1), text];
      }),
  );
}

/** The text of a result file with the lines of its `timing` object cut out: the rest must agree byte for byte. */
function withoutTiming(text: string): string {
  return text.replace(/^ {2}"timing": \{\n(?: {4}.*\n)* {2}\},?\n/m, '');
}

/** Waits until `condition` holds. @throws when it does not within half a minute */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error('the condition did not come true');
    await new Promise((done) => setTimeout(done, 10));
  }
}
