import { resolve } from 'node:path';
import { DocumentRefused } from '@medkit/documents';
import { systemFiles } from '@medkit/edges/node';
import { type AgentConfig, loadAgentConfig } from '@medkit/fleet-agent';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';

/** Default agent file in the working directory. */
export const DEFAULT_AGENT_FILE = 'vda5050.yaml';

/** Reads the agent file. Throws `CommandFailed` with all its problems. */
export async function readAgentFile(file: string = DEFAULT_AGENT_FILE): Promise<AgentConfig> {
  try {
    return await loadAgentConfig(systemFiles, resolve(file));
  } catch (error) {
    if (error instanceof DocumentRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}

/** Adds the gateway settings of the file, unless options override them. */
export function withGatewayOf({ gateway }: AgentConfig, values: OptionValues): OptionValues {
  const { url = gateway.url, 'token-file': tokenFile = gateway.tokenFile, 'ca-file': caFile = gateway.caFile } = values;
  return {
    ...values,
    url,
    ...(tokenFile !== undefined && { 'token-file': tokenFile }),
    ...(caFile !== undefined && { 'ca-file': caFile }),
  };
}
