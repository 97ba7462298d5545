import { DEFAULT_GATEWAY_URL, gatewayUrl, InvalidGatewayUrl } from '@medkit/client';
import { factsOf } from '@medkit/gateway/certificate';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';
import { shownCertificate } from '../remote/shown-certificate.ts';

/** `medkit auth fingerprint`: the certificate that a gateway shows, for a person who compares it. */
export const fingerprint: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} auth fingerprint [options]`,
      '',
      'Prints the fingerprint of the certificate that the gateway shows, without trusting it. Where it is the one in the log of the',
      'gateway, nobody stands in between.',
      '',
      columns([
        ['--url <address>', `the gateway: https://robot-01:8443 (MEDKIT_URL; default ${DEFAULT_GATEWAY_URL})`],
        ['--json', 'with names and times, for programs'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, { url: { type: 'string' }, json: { type: 'boolean' } });
    expectNoWords(positionals);
    const url = addressOf(String(values.url ?? '') || process.env.MEDKIT_URL || DEFAULT_GATEWAY_URL);
    const facts = factsOf(
      await shownCertificate(url).catch((error: Error) => {
        if (error instanceof CommandFailed) throw error;
        const reason = /wrong version number|packet length too long/i.test(error.message)
          ? 'it speaks http'
          : error.message;
        throw new CommandFailed(`no certificate at ${url}: ${reason}`, ExitCode.noGateway);
      }),
    );
    if (values.json) console.log(JSON.stringify(facts));
    else {
      console.log(facts.fingerprint);
      console.error(
        columns([
          ['until', new Date(facts.notAfterMs).toISOString()],
          ['for', facts.names.join(', ')],
          ['vouched for', facts.isSelfSigned ? 'by itself' : 'by somebody else'],
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
