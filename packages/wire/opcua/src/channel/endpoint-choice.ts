import type { EndpointDescription } from 'node-opcua-client';
import { MAX_ENDPOINTS } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';
import type { SecurityMode, SecurityOptions, SecurityPolicy } from '../security/security-options.ts';

const POLICY_ROOT = 'http://opcfoundation.org/UA/SecurityPolicy#';
const BINARY_TRANSPORT = 'http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary';
/** Numbers as in OPC 10000-4, 7.20. */
const MODES: readonly (SecurityMode | 'Invalid')[] = ['Invalid', 'None', 'Sign', 'SignAndEncrypt'];
/** Only these differ from the names in OPC 10000-7. */
const URI_NAMES: Readonly<Partial<Record<SecurityPolicy, string>>> = {
  Aes128Sha256RsaOaep: 'Aes128_Sha256_RsaOaep',
  Aes256Sha256RsaPss: 'Aes256_Sha256_RsaPss',
};

export function policyUri(policy: SecurityPolicy): string {
  return `${POLICY_ROOT}${URI_NAMES[policy] ?? policy}`;
}

/**
 * Returns the endpoint with exactly the configured policy and mode; if there are several, the one with the highest
 * level. Throws `PlcError` with a list of the server's offers; there is no fallback.
 */
export function chooseEndpoint(
  endpoints: readonly EndpointDescription[],
  { policy, mode }: Pick<SecurityOptions, 'policy' | 'mode'>,
): EndpointDescription {
  const binary = endpoints
    .slice(0, MAX_ENDPOINTS)
    .filter(({ transportProfileUri }) => !transportProfileUri || transportProfileUri === BINARY_TRANSPORT);
  const [best] = binary
    .filter(
      ({ securityPolicyUri, securityMode }) => securityPolicyUri === policyUri(policy) && MODES[securityMode] === mode,
    )
    .toSorted((a, b) => b.securityLevel - a.securityLevel);
  if (best) return best;
  const offered = [...new Set(binary.map(described))].join(', ');
  throw new PlcError(
    `the server does not offer security_policy ${policy} with security_mode ${mode}; it offers ${offered || 'nothing that medkit supports'}`,
  );
}

function described({ securityPolicyUri, securityMode }: EndpointDescription): string {
  const name = (securityPolicyUri ?? '').replace(POLICY_ROOT, '').replaceAll('_', '').slice(0, 64);
  return `${name || 'no policy'} with ${MODES[securityMode] ?? securityMode}`;
}
