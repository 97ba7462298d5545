// Ends with 0 where the gateway in this container answers. It looks at the port that MEDKIT_SERVER_PORT names: set that, and
// not `server.port` in medkit.yaml, for another one.
const { MEDKIT_SERVER_PORT: port = '8080', MEDKIT_SERVER_TOKEN: token } = process.env;
const headers = token ? { authorization: `Bearer ${token}` } : {};
try {
  const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/health`, { headers });
  if (status !== 200) throw new Error(`health answers ${status}`);
} catch (error) {
  console.error(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
