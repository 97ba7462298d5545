import { COMMANDS } from '../commands.ts';
import { ExitCode } from './exit-code.ts';
import { CommandFailed, describeFailure } from './failure.ts';
import { findCommand, MAX_NAME_PARTS } from './find-command.ts';
import { printError } from './print-error.ts';
import { exitOnClosedOutput } from './stop-signal.ts';

async function unknownCommand(args: readonly string[]): Promise<CommandFailed> {
  const { nearestName } = await import('@medkit/documents/nearest');
  const names = Object.keys(COMMANDS);
  const typed = args.slice(0, MAX_NAME_PARTS);
  const options = typed.findIndex((word) => word.startsWith('-'));
  const all = options < 0 ? typed : typed.slice(0, options);
  const verbs = names.filter((name) => name.startsWith(`${all.join(' ')} `));
  if (verbs.length > 0) {
    return new CommandFailed(`"${all.join(' ')}" is incomplete: use one of ${verbs.join(', ')}`, ExitCode.usage);
  }
  // Compares as many words as the longest command with this first word has.
  const alike = names.filter((name) => name.split(' ')[0] === args[0]);
  const depth = Math.max(2, ...alike.map((name) => name.split(' ').length));
  const beginnings = [depth, depth - 1, 1].map((count) => all.slice(0, count).join(' '));
  const nearest = beginnings.map((text) => nearestName(text, names)).find((name) => name !== undefined);
  const advice = nearest === undefined ? 'See --help' : `Did you mean "${nearest}"?`;
  return new CommandFailed(`unknown command "${beginnings[0] || args[0]}". ${advice}`, ExitCode.usage);
}

async function dispatch(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help') {
    const { overallHelp } = await import('./help.ts');
    console.log(overallHelp());
    return args.length === 0 ? ExitCode.usage : ExitCode.ok;
  }
  if (args[0] === '--version' || args[0] === '-v') {
    const { medkitVersion } = await import('./version.ts');
    console.log(medkitVersion());
    return ExitCode.ok;
  }
  const found = findCommand(COMMANDS, args);
  if (found === undefined) throw await unknownCommand(args);
  if (!found.command.serves) exitOnClosedOutput();
  const program = await found.command.load();
  if (found.rest.includes('--help') || found.rest.includes('-h')) {
    console.log(await program.help());
    return ExitCode.ok;
  }
  return program.run(found.rest);
}

/** Runs the `medkit` command and returns the exit code. Never throws: prints errors instead. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    printError(text);
    return exitCode;
  }
}
