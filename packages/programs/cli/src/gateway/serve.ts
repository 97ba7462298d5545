import { type Environment, type LoadedConfig, type RunningGateway, StartRefused, startGateway } from '@medkit/gateway';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { pagesFolder } from './pages-folder.ts';

/** Starts the gateway on the domain of its configuration. Throws `CommandFailed` if the port is in use. */
export async function serve(
  { config, reading }: Pick<LoadedConfig, 'config' | 'reading'>,
  environment: Environment,
): Promise<RunningGateway> {
  try {
    return await startGateway({ config, reading, environment, pagesFolder: pagesFolder() });
  } catch (error) {
    const taken = error instanceof StartRefused && error.code === 'EADDRINUSE';
    throw taken ? new CommandFailed(error.message, ExitCode.portTaken) : error;
  }
}
