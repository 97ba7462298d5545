import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { certificateProblem } from './certificate-problem.ts';

const ADDRESS = { url: 'mqtts://broker', protocol: '5' } as const;
const PEM = '-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----';

describe('the certificates of an address', () => {
  it('are optional', () => {
    assert.equal(certificateProblem(ADDRESS), undefined);
  });

  it('are refused with a message that reveals nothing of them if they cannot be read', () => {
    const problems = [
      certificateProblem({ ...ADDRESS, ca: 'hush' }),
      certificateProblem({ ...ADDRESS, ca: PEM }),
      certificateProblem({ ...ADDRESS, cert: PEM, key: PEM }),
      certificateProblem({ ...ADDRESS, key: PEM }),
    ];
    assert.ok(problems.every((problem) => problem !== undefined && !problem.includes('hush')));
    assert.match(problems[0] ?? '', /^the CA of the broker cannot be used: expected PEM text/);
    assert.match(problems[2] ?? '', /^the client certificate or its key cannot be used: expected PEM text/);
    assert.match(problems[3] ?? '', /are needed together: set both/);
  });
});
