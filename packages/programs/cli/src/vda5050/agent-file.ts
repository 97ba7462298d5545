import { resolve } from 'node:path';
import { DocumentRefused } from '@medkit/documents';
import { systemFiles } from '@medkit/edges/node';
import { type AgentConfig, loadAgentConfig } from '@medkit/fleet-agent';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-words.ts';

/** Looked for where the command is started. */
export const DEFAULT_AGENT_FILE = 'vda5050.yaml';

/** Reads the agent's file. Throws `CommandFailed` with everything that is wrong with it. */
export async function readAgentFile(file: string = DEFAULT_AGENT_FILE): Promise<AgentConfig> {
  try {
    return await loadAgentConfig(systemFiles, resolve(file));
  } catch (error) {
    if (error instanceof DocumentRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}

/** The gateway that the file names, unless an option names another one. */
export function withGatewayOf({ gateway }: AgentConfig, values: OptionValues): OptionValues {
  const { url = gateway.url, 'token-file': tokenFile = gateway.tokenFile, 'ca-file': caFile = gateway.caFile } = values;
  return {
    ...values,
    url,
    ...(tokenFile !== undefined && { 'token-file': tokenFile }),
    ...(caFile !== undefined && { 'ca-file': caFile }),
  };
}
