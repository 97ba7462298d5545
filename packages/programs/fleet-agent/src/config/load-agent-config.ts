import { DocumentRefused } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import type { AgentConfig } from './agent-config.ts';
import { readAgentConfig } from './read-agent-config.ts';

/** Reads the agent file at an absolute path. Throws `DocumentRefused` if it is invalid or unreadable. */
export async function loadAgentConfig(files: Pick<Files, 'readText'>, file: string): Promise<AgentConfig> {
  let text: string | undefined;
  try {
    text = await files.readText(file, { regularOnly: true });
  } catch (error) {
    throw new DocumentRefused([`${file}: it cannot be read: ${(error as Error).message}`]);
  }
  if (text === undefined) throw new DocumentRefused([`${file}: there is no such file`]);
  return readAgentConfig(text, file);
}
