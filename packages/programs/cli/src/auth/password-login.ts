import { type Client, GatewayRefused, NotAGateway } from '@medkit/client';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { connectAs } from '../remote/connection.ts';
import { trustConfigured } from '../remote/trust.ts';

/** A session that lasts as long as one command. */
export interface PasswordLogin {
  readonly client: Client;
  /** True if the gateway allows nothing else until the password is changed. */
  readonly mustChange: boolean;
  end(): Promise<void>;
}

/** Logs in with name and password. Throws `CommandFailed` if they are wrong. */
export async function passwordLogin(values: OptionValues, username: string, password: string): Promise<PasswordLogin> {
  const stranger = connectAs(undefined, values, process.env);
  await trustConfigured(stranger.url, values, process.env);
  const body = { grant_type: 'password', username, password };
  const { access_token, refresh_token } = await stranger.call('authorize', { body }).catch((error) => {
    throw refusal(error, stranger.url);
  });
  const client = connectAs(access_token, values, process.env);
  const mustChange = (await client.call('getMe', {})).must_change_password === true;
  const token = refresh_token ?? access_token;
  return { client, mustChange, end: async () => void (await client.call('revokeToken', { body: { token } })) };
}

/** Translates errors of the OAuth routes (RFC 6749, 5.2). Their bodies contain no more information than the status. */
function refusal(error: unknown, url: string): unknown {
  if (!(error instanceof NotAGateway || error instanceof GatewayRefused)) return error;
  if (error.status === 400 || error.status === 401)
    return new CommandFailed('wrong name or password', ExitCode.notAllowed);
  if (error.status === 429) {
    return new CommandFailed('too many failed logins: wait a few seconds and try again', ExitCode.notAllowed);
  }
  if (error.status === 404) {
    const init = `\`${invocation(process.env)} auth init\``;
    return new CommandFailed(
      `the gateway at ${url} has no accounts: run ${init} on its machine to create the first user`,
      ExitCode.refused,
    );
  }
  return error;
}
