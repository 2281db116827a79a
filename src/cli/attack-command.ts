import { attackModel } from '../api/attack-model.js';
import { counterexampleOf } from '../api/vnnlib.js';
import { attackOf } from './attack-flags.js';
import { attackRequest, type AttackArguments } from './attack-request.js';
import { attackParameters } from './attack-schema.js';
import { BorrowedNotes, engineOf, verifyEngineOf, type VerifyArguments } from './engine-flags.js';
import { executionOf, type ExecutionArguments } from './execution.js';
import { interruptible } from './interrupt.js';
import { printResult } from './output.js';
import { ownModelsOf, type OwnModelArguments } from './own-models.js';
import { renderAttack } from './render/attack.js';
import { requireCompleted } from './require-completed.js';
import { configOf, dataDirOf, pluginsOf, type SourceArguments } from './sources.js';
import { attackOutput } from '../results/attack-output.js';
import { openRunStore } from '../results/store.js';

type Arguments = AttackArguments &
  SourceArguments &
  OwnModelArguments &
  ExecutionArguments &
  VerifyArguments & { readonly json: boolean; readonly out?: string | undefined };

/** `gauntlet attack`: runs one cell and prints what became of it. @param taken flags of the command itself */
export async function runAttackCommand(args: Arguments, taken: ReadonlySet<string>): Promise<void> {
  const config = await configOf(args);
  const plugins = pluginsOf(args, config);
  const dataDir = await dataDirOf(args, config);
  const schema = await attackParameters(attackOf(args), plugins);
  const request = await attackRequest(args, schema, taken);
  // A folder that cannot be written is better known before the work than after it.
  const store = args.out === undefined ? undefined : await openRunStore(args.out);
  const verifyEngine = verifyEngineOf(args);
  const { completed, witness, verification } = await interruptible(async ({ signal, progress }) => {
    let done = 0;
    const borrowed = new BorrowedNotes();
    const {
      cell,
      witnesses,
      verification: checked,
    } = await attackModel(request, {
      ...executionOf(args, config),
      ...ownModelsOf(args),
      onNote: (line) => progress.note(line),
      engine: engineOf(args),
      ...(verifyEngine === undefined ? {} : { verifyEngine }),
      plugins,
      signal,
      ...(dataDir === undefined ? {} : { dataDir }),
      onPlan: ({ model, data, title }) =>
        progress.note(
          `${title} on ${model.id}, ${data.indices.length} examples of ${data.source} (${data.split})`,
        ),
      onEvent: (event) => {
        if (event.kind !== 'shard-finished') return;
        borrowed.tell(event.borrowed, progress);
        done += event.examples;
        progress.update(done / event.spec.data.indices.length, event.spec.title);
      },
    });
    await store?.save(cell, witnesses);
    return {
      completed: requireCompleted(cell),
      verification: checked,
      witness:
        args.vnnlib === undefined ? undefined : await counterexampleOf(args.vnnlib, { cell, witnesses }),
    };
  });
  printResult(args.json, attackOutput(completed, witness, verification), () =>
    renderAttack(completed, verification),
  );
}
