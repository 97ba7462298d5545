import { DEFAULT_GATEWAY_URL, gatewayUrl, InvalidGatewayUrl } from '@medkit/client';
import { factsOf } from '@medkit/gateway/certificate';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { readServerCertificate } from '../remote/server-certificate.ts';

/** `medkit auth fingerprint`: prints the certificate of a gateway for comparison. */
export const fingerprint: CommandProgram = {
  help: () =>
    helpText({
      usage: 'auth fingerprint',
      about: [
        'Prints the fingerprint of the certificate that the gateway presents, without trusting it. If it equals the fingerprint in',
        'the log of the gateway, no other machine intercepts the connection.',
      ],
      options: [
        [
          '--url <address>',
          `address of the gateway, such as https://robot-01:8443 (env MEDKIT_URL; default ${DEFAULT_GATEWAY_URL})`,
        ],
        ['--json', 'print fingerprint, host names and validity as JSON'],
      ],
      examples: [['auth fingerprint --url https://robot-01:8443', 'the certificate of this gateway']],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, { url: { type: 'string' }, json: { type: 'boolean' } });
    expectNoArguments(positionals);
    const url = addressOf(String(values.url ?? '') || process.env.MEDKIT_URL || DEFAULT_GATEWAY_URL);
    const facts = factsOf(
      await readServerCertificate(url).catch((error: Error) => {
        if (error instanceof CommandFailed) throw error;
        const reason = /wrong version number|packet length too long/i.test(error.message)
          ? 'the server uses http, not https'
          : error.message;
        throw new CommandFailed(`cannot read a certificate from ${url}: ${reason}`, ExitCode.noGateway);
      }),
    );
    if (values.json) console.log(JSON.stringify(facts));
    else {
      console.log(facts.fingerprint);
      console.error(
        columns([
          ['valid until', new Date(facts.notAfterMs).toISOString()],
          ['host names', facts.names.join(', ')],
          ['signed by', facts.isSelfSigned ? 'itself (self-signed)' : 'a CA'],
        ]),
      );
    }
    return ExitCode.ok;
  },
};

function addressOf(text: string): string {
  try {
    return gatewayUrl(text);
  } catch (error) {
    if (error instanceof InvalidGatewayUrl) throw new CommandFailed(`--url: ${error.message}`, ExitCode.usage);
    throw error;
  }
}
