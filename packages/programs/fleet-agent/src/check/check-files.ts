import type { Files } from '@medkit/edges';
import type { Protocol } from '@medkit/vda5050';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Finding } from './finding.ts';

/** Checks that the files of a configuration exist and that its factsheet is valid. Does not read secrets. */
export async function checkFiles(
  files: Pick<Files, 'readText' | 'stateOf'>,
  { file, gateway, broker, factsheetFile }: AgentConfig,
  protocol: Protocol,
): Promise<readonly Finding[]> {
  const named: readonly (readonly [string, string | undefined])[] = [
    ['gateway.token_file', gateway.tokenFile],
    ['gateway.ca_file', gateway.caFile],
    ['broker.password_file', broker.passwordFile],
    ['broker.ca_file', broker.caFile],
    ['broker.cert_file', broker.certFile],
    ['broker.key_file', broker.keyFile],
    ['factsheet', factsheetFile],
  ];
  const found: Finding[] = [];
  for (const [name, path] of named) {
    if (path === undefined) continue;
    const state = await files.stateOf(path);
    if (!state?.isFile) found.push({ at: file, message: `${name}: there is no file ${path}` });
  }
  if (factsheetFile === undefined || found.some(({ message }) => message.startsWith('factsheet'))) return found;
  const problem = factsheetProblem((await files.readText(factsheetFile, { regularOnly: true })) ?? '', protocol);
  return problem === undefined ? found : [...found, { at: factsheetFile, message: problem }];
}

function factsheetProblem(text: string, protocol: Protocol): string | undefined {
  try {
    return protocol.factsheetProblem(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return `invalid JSON: ${error.message}`;
    throw error;
  }
}
