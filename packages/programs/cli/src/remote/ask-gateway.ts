import type { Client } from '@medkit/client';
import type { OptionValues } from '../command/parse-arguments.ts';
import { certificateFailure } from './certificate-failure.ts';
import { connect } from './connection.ts';
import { remoteFailure } from './remote-failure.ts';
import { trustConfigured } from './trust.ts';

/** Runs requests against the gateway that options and environment select. Throws `CommandFailed` if a request fails. */
export async function askGateway<T>(
  values: OptionValues,
  ask: (client: Client) => Promise<T>,
  environment = process.env,
): Promise<T> {
  const client = connect(values, environment);
  await trustConfigured(client.url, values, environment);
  try {
    return await ask(client);
  } catch (error) {
    throw (await certificateFailure(error)) ?? remoteFailure(error);
  }
}
