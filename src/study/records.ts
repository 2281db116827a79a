import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../results/atomic-file.js';
import { jsonText } from '../results/json-text.js';
import type { StudyRun } from '../results/schema/study-run.js';
import type { StudyTraining } from '../results/schema/study-training.js';
import { parseResult, validateResult, type ResultTypes } from '../results/validate.js';

/** All that a study is made of. */
export interface StudyRecords {
  readonly trainings: readonly StudyTraining[];
  readonly runs: readonly StudyRun[];
}

/** Folder of each kind of record inside that of the study. */
const FOLDERS = { 'study-training': 'trainings', 'study-run': 'runs' } as const;
type RecordKind = keyof typeof FOLDERS;

/**
 * Reads the records of a study, in order of id; none where there is no folder.
 * @throws GauntletError RESULT_INVALID
 */
export async function readRecords(folder: string): Promise<StudyRecords> {
  return { trainings: await readAll(folder, 'study-training'), runs: await readAll(folder, 'study-run') };
}

/**
 * Writes a record under its id.
 * @throws GauntletError RESULT_INVALID, OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function writeRecord(folder: string, record: StudyTraining | StudyRun): Promise<void> {
  const path = join(folder, FOLDERS[record.kind], `${record.id}.json`);
  await writeFileAtomic(path, jsonText(validateResult(record.kind, record, path)));
}

async function readAll<K extends RecordKind>(folder: string, kind: K): Promise<ResultTypes[K][]> {
  const names = (await readdir(join(folder, FOLDERS[kind])).catch(() => [])).filter((name) =>
    name.endsWith('.json'),
  );
  return Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, FOLDERS[kind], name);
      return parseResult(kind, await readFile(path, 'utf8'), path);
    }),
  );
}
