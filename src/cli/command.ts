import type { Argv, CommandModule } from 'yargs';

/** Options every command takes; main.ts declares them. */
export interface GlobalArguments {
  json: boolean;
  debug: boolean;
  color: boolean | undefined;
}

/** Declares a command's positionals, options and examples. */
type Builder<A> = (yargs: Argv<GlobalArguments>) => Argv<A> | Promise<Argv<A>>;

/** The arguments a builder promises its handler. */
export type ArgumentsOf<B> = B extends (yargs: Argv<GlobalArguments>) => infer R
  ? Awaited<R> extends Argv<infer A>
    ? A
    : never
  : never;

/** A command whose handler's arguments are those of its builder. */
export interface Command<A = unknown> {
  /** Name and positionals in yargs' notation, e.g. `run <suite>`. */
  readonly command: string;
  readonly describe: string;
  readonly builder: Builder<A>;
  readonly handler: (args: A & GlobalArguments) => Promise<void>;
}

/** Checks a command against its own builder and makes it one that yargs takes. */
export function defineCommand<A>(command: Command<A>): CommandModule & { readonly command: string } {
  return command as unknown as CommandModule & { readonly command: string };
}
