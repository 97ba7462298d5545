import { readFileSync } from 'node:fs';

// Ends with 0 where the gateway in this container answers. It looks where MEDKIT_SERVER_HOST and MEDKIT_SERVER_PORT say, over
// HTTPS where MEDKIT_SERVER_TLS_ENABLED is true: set those, and not `server` in medkit.yaml, for another address.
const { MEDKIT_SERVER_HOST: host, MEDKIT_SERVER_PORT: port = '8080', MEDKIT_SERVER_TOKEN_FILE: file } = process.env;
const token = file ? readFileSync(file, 'utf8').trim() : process.env.MEDKIT_SERVER_TOKEN;
// An address that stands for all is none to ask.
const name = !host || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
const address = name.includes(':') ? `[${name}]` : name;
const isTls = /^(?:true|yes|on|1)$/i.test(process.env.MEDKIT_SERVER_TLS_ENABLED ?? '');
// It is the gateway of this very container, whose certificate is for the names that others use.
if (isTls) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const headers = token ? { authorization: `Bearer ${token}` } : {};
try {
  const { status } = await fetch(`${isTls ? 'https' : 'http'}://${address}:${port}/api/v1/health`, { headers });
  if (status !== 200) throw new Error(`health answers ${status}`);
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
