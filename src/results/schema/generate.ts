import { suiteSchema } from '../../suite/schema.js';
import { archiveSchema } from './archive.js';
import { attackOutputSchema } from './attack-output.js';
import { benchSchema } from './bench.js';
import { cellSchema } from './cell.js';
import { exportReportSchema } from './export-report.js';
import { inspectionSchema } from './inspection.js';
import { latentSchema } from './latent.js';
import { leaderboardSchema } from './leaderboard.js';
import { runSchema } from './run.js';
import { studyRunSchema } from './study-run.js';
import { studySchema } from './study.js';
import { studyTrainingSchema } from './study-training.js';
import { thresholdsSchema } from './thresholds.js';

/** The schemas of everything Gauntlet writes or reads, by kind. */
export const SCHEMAS = {
  archive: archiveSchema,
  'attack-output': attackOutputSchema,
  bench: benchSchema,
  cell: cellSchema,
  export: exportReportSchema,
  inspection: inspectionSchema,
  latent: latentSchema,
  leaderboard: leaderboardSchema,
  run: runSchema,
  study: studySchema,
  'study-run': studyRunSchema,
  'study-training': studyTrainingSchema,
  suite: suiteSchema,
  thresholds: thresholdsSchema,
} as const;

/** Texts of the committed schema files in results/schema, by file name. */
export function schemaFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([kind, schema]) => [
      `${kind}.schema.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );
}
