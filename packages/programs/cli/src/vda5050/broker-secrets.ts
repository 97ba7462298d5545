import type { Files } from '@medkit/edges';
import type { BrokerSettings } from '@medkit/fleet-agent';
import { type BrokerAddress, brokerUrl, certificateProblem } from '@medkit/mqtt';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';

/** Reads the secret files of the broker settings. Throws `CommandFailed` if one is unusable. */
export async function brokerAddress(files: Pick<Files, 'readText'>, settings: BrokerSettings): Promise<BrokerAddress> {
  const { protocol, username, keepaliveS, passwordFile, caFile, certFile, keyFile } = settings;
  const secret = async (name: keyof BrokerAddress, path: string | undefined) =>
    path === undefined ? {} : { [name]: await textIn(files, path) };
  const password = await secret('password', passwordFile);
  const address: BrokerAddress = {
    url: brokerUrl(settings.url),
    protocol,
    keepaliveS,
    ...(username !== undefined && { username }),
    ...password,
    ...(await secret('ca', caFile)),
    ...(await secret('cert', certFile)),
    ...(await secret('key', keyFile)),
  };
  const problem = certificateProblem(address);
  if (problem !== undefined) throw new CommandFailed(`invalid broker settings: ${problem}`, ExitCode.configuration);
  return address;
}

/** Reads a file without its final line break. */
async function textIn(files: Pick<Files, 'readText'>, path: string): Promise<string> {
  let text: string | undefined;
  try {
    text = await files.readText(path, { regularOnly: true });
  } catch (error) {
    throw new CommandFailed(`cannot read ${path}: ${(error as Error).message}`, ExitCode.configuration);
  }
  if (text === undefined) throw new CommandFailed(`cannot read ${path}: no such file`, ExitCode.configuration);
  return text.replace(/\r?\n$/, '');
}
